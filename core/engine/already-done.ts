import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import { listImages } from '../store/images.ts';
import { findRun } from '../store/runs.ts';
import type { RunKind } from '../store/runs.ts';
import type { OpenRun } from './run-record.ts';
import { rememberedRoot } from './source.ts';

/** What a run of a kind leaves in its output folder. */
interface Leaves {
  readonly kind: RunKind;
  readonly out: string;
  /** Names of the files; the model is among them where one was learned. */
  readonly leaves: readonly string[];
  readonly modelName: string;
}

/**
 * What is said when a finished run is resumed: that it is finished, what it has left, and which files it could not use.
 *
 * **Throws** CongealError `input-missing` when what it left is no longer there.
 */
export async function* alreadyDone(
  { project, id }: OpenRun,
  { kind, out, leaves, modelName }: Leaves,
): AsyncGenerator<EngineMessage, DoneMessage> {
  const lost = leaves.filter((name) => name !== modelName && !existsSync(resolve(out, name)));
  if (lost.length > 0)
    throw new CongealError(
      'input-missing',
      `The run in ${out} is finished, but ${lost.join(', ')} is no longer there. Use --force without --resume to run again.`,
    );
  const images = listImages(project);
  const root = rememberedRoot(project, findRun(project, id)) ?? '';
  let failed = 0;
  for (const image of images) {
    if (image.status === 'ready') continue;
    failed += 1;
    const file = relative(root, image.path).split(sep).join('/');
    yield { event: 'failure', file, code: image.failureCode, reason: image.failureReason };
  }
  yield await Promise.resolve({
    event: 'note',
    message: `The run in ${out} is finished; nothing is left to resume. Use --force without --resume to start over.`,
  });
  return {
    event: 'done',
    command: kind,
    out: resolve(out),
    written: leaves.map((name) => resolve(out, name)).filter((path) => existsSync(path)),
    images: images.length - failed,
    failed,
    seconds: 0,
    figures: {},
  };
}
