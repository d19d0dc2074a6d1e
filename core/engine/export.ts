import { join, resolve } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import type { ExportOptions } from '../contract/options.ts';
import { planExport } from './exports/plan-export.ts';
import { writeDataset } from './exports/write-dataset.ts';
import { readFinishedRun } from './finished-run.ts';
import { threadsOf } from './machine.ts';
import type { UseCaseContext } from './use-case.ts';
import { toEngineMessages } from './use-case.ts';

/** Renders the crops of a finished run from the originals into a dataset folder, as `writeDataset` does. */
export async function* exportDataset(
  options: ExportOptions,
  { workers, signal }: UseCaseContext,
): AsyncGenerator<EngineMessage, DoneMessage> {
  const started = performance.now();
  const { images, annotations } = await readFinishedRun(options.source);
  const out = resolve(options.out);
  const { crops } = planExport(images, options);
  const left = images.length - crops.length;
  if (crops.length === 0)
    throw new CongealError(
      'input-empty',
      `None of the ${images.length} images of ${options.source} can be exported: add --flagged.`,
    );
  const originals = images.map(({ image }) => image.path);
  const request = { out, force: options.force, crops, originals, render: options, annotations, split: new Map() };
  const given = { workers, signal, priority: 'run', threads: threadsOf(undefined) } as const;
  if (left > 0)
    yield { event: 'note', message: `${left} flagged or missing images are left out (--flagged exports flagged ones)` };
  const written = yield* toEngineMessages(writeDataset(request, given));
  return {
    event: 'done',
    command: 'export',
    out,
    written: [join(out, 'images'), join(out, 'metadata.jsonl')],
    images: crops.length,
    failed: crops.length - written.crops,
    seconds: (performance.now() - started) / 1000,
    figures: { crops: written.crops, 'left out': left },
  };
}
