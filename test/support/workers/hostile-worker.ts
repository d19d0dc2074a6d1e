import type { Hands, Job, JobContext } from '../../../core/compute/job.ts';
import { jobs } from '../../../core/compute/jobs.ts';
import { serveJobs } from '../../../core/compute/worker/serve-jobs.ts';

/* A worker whose decoder crashes over files that are called hostile. */

function crashing(hands: Hands): Hands {
  return {
    ...hands,
    begin: (image) => {
      hands.begin(image);
      if (/hostile/.test(image)) process.kill(process.pid, 'SIGSEGV');
    },
  };
}

const hostile = Object.fromEntries(
  Object.entries(jobs).map(([kind, load]) => [
    kind,
    async (): Promise<Job<never, unknown>> => {
      const job = (await load()) as Job<never, unknown>;
      return (request: never, context: JobContext) =>
        job(request, context.hands === undefined ? context : { ...context, hands: crashing(context.hands) });
    },
  ]),
);

serveJobs(hostile);
