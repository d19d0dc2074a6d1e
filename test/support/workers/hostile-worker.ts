import type { ImportRequest } from '../../../core/compute/import.ts';
import { importImages } from '../../../core/compute/import.ts';
import type { JobContext } from '../../../core/compute/job.ts';
import { jobs } from '../../../core/compute/jobs.ts';
import { serveJobs } from '../../../core/compute/worker/serve-jobs.ts';

/* A worker whose decoder crashes over files that are called hostile. */

function importAndCrash(request: ImportRequest, context: JobContext): ReturnType<typeof importImages> {
  const { hands } = context;
  if (hands === undefined) return importImages(request, context);
  const begin = (image: string) => {
    hands.begin(image);
    if (/hostile/.test(image)) process.kill(process.pid, 'SIGSEGV');
  };
  return importImages(request, { ...context, hands: { ...hands, begin } });
}

serveJobs({ ...jobs, import: () => Promise.resolve(importAndCrash) });
