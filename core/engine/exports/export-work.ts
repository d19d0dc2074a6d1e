import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import type { ExportRun } from '../../contract/recipes.ts';
import { loadCheckpoint, removeCheckpoints } from '../../store/checkpoints.ts';
import { writing, type ProjectReader } from '../../store/database.ts';
import { saveExport } from '../../store/exports.ts';
import { fromStoredPath } from '../../store/project-paths.ts';
import type { Run } from '../../store/runs.ts';
import { endRun } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import { finishedRunOf } from '../finished-run.ts';
import type { FinishedRun } from '../finished-run.ts';
import { selectedImages } from '../images/select-images.ts';
import { threadsOf } from '../machine.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import { runOf } from '../row-ids.ts';
import { removePartials } from '../partial-folder.ts';
import type { RunEvent } from '../run-journal.ts';
import { journalRun } from '../run-journal.ts';
import { askedOptions } from '../runs/run-plan.ts';
import type { RunWork } from '../runs/submit-run.ts';
import type { ExportPlan } from './plan-export.ts';
import { takeAll } from '../use-case.ts';
import { planExport } from './plan-export.ts';
import { splitImages } from './split-export.ts';
import type { WrittenDataset } from './write-dataset.ts';
import { metadataName, writeDataset, writtenStage } from './write-dataset.ts';

/** What an export run's options hold besides what was asked for: where it writes, as the project stores paths. */
export interface ExportTarget {
  readonly out: string;
}

/** Seed of the division into parts: the same images are divided alike. */
const splitSeed = 1;

/** The finished run that an export renders, narrowed to the images that were chosen, and what becomes of them. */
export function preparedExport(reader: ProjectReader, options: ExportRun): FinishedRun & { readonly plan: ExportPlan } {
  const run = runOf(reader, options.run);
  if (run.status !== 'done') throw new CongealError('conflict', 'Only a run that is done can be exported.');
  const finished = finishedRunOf(reader, run);
  const chosen =
    options.selection === undefined
      ? undefined
      : new Set(selectedImages(reader, options.selection).map(({ id }) => id));
  const images = finished.images.filter(({ image }) => chosen?.has(image.id) ?? true);
  return { ...finished, images, plan: planExport(images, options) };
}

/** How an export is performed, or performed again: it leaves the whole dataset, or nothing. */
export function exportWork(engine: Engine, open: OpenProject, run: Run): RunWork {
  return {
    lane: 'run',
    imageOf: () => null,
    perform: async ({ signal, pause, tell, stoppedAs }) => {
      const project = writable(open);
      const options = askedOptions(run) as unknown as ExportRun & ExportTarget;
      const { images, plan, annotations, run: source } = preparedExport(project, options);
      const { crops } = plan;
      if (crops.length === 0) throw nothingToExport(images.length);
      const out = fromStoredPath(project.path, options.out);
      const request = {
        ...{ out, crops, render: options },
        originals: images.map(({ image }) => image.path),
        annotations: options.annotations ? annotations : new Map<string, never>(),
        split:
          options.split === undefined
            ? new Map<string, string>()
            : splitImages(splittable(crops), options.split, splitSeed),
      };
      const threads = threadsOf(engine.settings.read().threads ?? undefined);
      const failures: { file: string; code: string; reason: string }[] = [];
      const told = (event: RunEvent): void => {
        if (event.event === 'failure') failures.push(event);
        tell(event);
      };
      const given = { workers: engine.workers, signal, pause, priority: 'run', threads } as const;
      const written =
        (await writtenBefore(project, run, out)) ??
        (await takeAll(
          journalRun(
            project,
            run.id,
            writeDataset(request, { ...given, isGivenUp: () => signal.aborted && stoppedAs() === 'cancelled' }),
          ),
          told,
        ));
      const { crops: count, bytes, metadataSha256: manifestSha256 } = written;
      const { format } = options;
      const summary = {
        images: count,
        figures: { crops: count, 'left out': images.length - crops.length },
        failures: failures.map(({ file, code, reason }) => ({ file, code, reason })),
      };
      writing(project, () => {
        saveExport(project, {
          ...{ run: run.id, source: source.id, format, folder: out },
          ...{ images: count, bytes, manifestSha256 },
        });
        removeCheckpoints(project, run.id);
        endRun(project, run.id, { status: 'done', finishedAt: Date.now(), result: summary });
      });
    },
  };
}

/** What an earlier attempt has written and moved to its place already, where it could not note that. */
async function writtenBefore(project: ProjectReader, run: Run, out: string): Promise<WrittenDataset | undefined> {
  const kept = loadCheckpoint(project, run.id);
  if (kept?.stage !== writtenStage) return undefined;
  const written = JSON.parse(Buffer.from(kept.state).toString()) as WrittenDataset;
  const list = await readFile(join(out, metadataName)).catch(() => undefined);
  if (list === undefined) return undefined;
  return createHash('sha256').update(list).digest('hex') === written.metadataSha256 ? written : undefined;
}

/** Removes what an export that did not come to its end has left on the disk. */
export async function discardExport({ path }: OpenProject, run: Run): Promise<void> {
  const { out } = askedOptions(run) as Partial<ExportTarget>;
  if (run.kind === 'export' && run.status !== 'done' && out !== undefined)
    await removePartials(fromStoredPath(path, out));
}

/** The error where no image is left to export. */
export function nothingToExport(images: number): CongealError {
  return new CongealError(
    'input-empty',
    `None of the ${images} images that were chosen can be exported. Look at what is left out and why, or choose others.`,
  );
}

function splittable(crops: ExportPlan['crops']): Parameters<typeof splitImages>[0] {
  return crops.map(({ id, sha256, from: { image } }) => ({
    id,
    sha256,
    groups: [
      ...(image.duplicateGroup === null ? [] : [`same ${image.duplicateGroup}`]),
      ...(image.burstGroup === null ? [] : [`burst ${image.burstGroup}`]),
    ],
  }));
}
