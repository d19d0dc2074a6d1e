import { createHash } from 'node:crypto';
import { CongealError } from '../contract/errors.ts';
import type { WorkImage } from '../features/work-image.ts';
import type { ImageInfo } from '../imaging/decoder.ts';
import { loadWorkRaster } from '../imaging/decode.ts';
import type { Checkpoint } from '../learn/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../learn/checkpoint.ts';
import type { LearnEvent, PosesEvent } from '../learn/event.ts';
import { translate } from '../learn/translate.ts';
import type { Film } from './film.ts';
import { createFilm } from './film.ts';
import type { CheckpointMessage, JobContext, JobMessage } from './job.ts';
import { imagesStage } from './protocol.ts';
import { workThrough } from './work-through.ts';

/** A file of a collection: its name within the collection and where it lies. */
export interface CollectionFile {
  readonly id: string;
  readonly path: string;
}

/** A file that could not be used. */
export interface CollectionFailure extends CollectionFile {
  readonly code: string;
  readonly reason: string;
}

/** A file that could be used, and what is known of it. */
export interface CollectionImage extends CollectionFile {
  readonly info: ImageInfo;
}

/** A collection as it was read: every file is in `images` or in `failures`. */
export interface Collection {
  readonly images: readonly CollectionImage[];
  readonly failures: readonly CollectionFailure[];
  /** Small copies for the learners, in the order of `images`. */
  readonly work: readonly WorkImage[];
  /** SHA-256 over the names and contents of all usable images: a checkpoint belongs to one of these. */
  readonly fingerprint: string;
  /** Where a film of the run is wanted. */
  readonly film?: Film | undefined;
}

/** What is to be read, and how large the small copies are (longest side in pixels). */
export interface CollectionRequest {
  readonly files: readonly CollectionFile[];
  readonly maxSide: number;
  readonly allowDamaged: boolean;
}

/** Reads every file once: facts, hash and small copy; broken files are said and left out. */
export async function* readCollection(
  request: CollectionRequest,
  context: Pick<JobContext, 'signal' | 'threads' | 'cache' | 'resume' | 'hands' | 'film'>,
): AsyncGenerator<JobMessage, Collection> {
  const images: CollectionImage[] = [];
  const failures: CollectionFailure[] = [];
  const work: WorkImage[] = [];
  const hash = createHash('sha256');
  const total = request.files.length;
  let done = 0;
  yield { event: 'progress', phase: 'read images', done, total };
  const options = { maxSide: request.maxSide, allowDamage: request.allowDamaged, cache: context.cache };
  const read = ({ path }: CollectionFile) => loadWorkRaster(path, options);
  for await (const { file, result } of workThrough(request.files, read, context)) {
    done += 1;
    if (result.ok) {
      const { info, raster } = result.value;
      images.push({ ...file, info });
      work.push({ id: file.id, width: info.width, height: info.height, raster });
      hash.update(`${JSON.stringify(file.id)} ${info.sha256}\n`);
    } else {
      failures.push({ ...file, code: result.code, reason: result.reason });
      yield { event: 'failure', file: file.id, code: result.code, reason: result.reason };
    }
    yield { event: 'progress', phase: 'read images', done, total };
  }
  const fingerprint = hash.digest('hex');
  if (context.resume === undefined)
    yield toCheckpointMessage({ stage: imagesStage, values: {}, tensors: {} }, fingerprint);
  return { images, failures, work, fingerprint, film: context.film === true ? createFilm(work) : undefined };
}

/**
 * The state to go on from, if there is one.
 *
 * **Throws** CongealError `checkpoint-mismatch` when the images are not those that the checkpoint was made with.
 */
export function resumeState(bytes: Uint8Array | undefined, fingerprint: string): Checkpoint | undefined {
  if (bytes === undefined) return undefined;
  const state = decodeCheckpoint(bytes);
  if (state.values['collection'] !== fingerprint)
    throw new CongealError(
      'checkpoint-mismatch',
      'The images are not the ones that the interrupted run began with (some were added, removed or changed). ' +
        'Put them back, or start over with --force.',
    );
  return state.stage === imagesStage ? undefined : state;
}

/** Passes a learner's events on as messages; its checkpoints carry the collection's fingerprint, its poses become a film. */
export function relay<Result>(
  events: AsyncGenerator<LearnEvent, Result>,
  { fingerprint, film }: Pick<Collection, 'fingerprint' | 'film'>,
): AsyncGenerator<JobMessage, Result> {
  return translate(events, async function* (event): AsyncGenerator<JobMessage, void> {
    if (event.kind === 'poses') {
      const frame = await film?.frameOf(event);
      if (frame !== undefined) yield frame;
    } else yield toMessage(event, fingerprint);
  });
}

function toMessage(event: Exclude<LearnEvent, PosesEvent>, fingerprint: string): JobMessage {
  if (event.kind === 'checkpoint') return toCheckpointMessage(event.state, fingerprint);
  if (event.kind === 'note') return { event: 'note', message: event.message };
  const { phase, done, total, loss } = event;
  return { event: 'progress', phase, done, total, ...(loss === undefined ? {} : { loss }) };
}

/** A state as a message; it carries the fingerprint of the collection that it was made with. */
export function toCheckpointMessage(state: Checkpoint, fingerprint: string): CheckpointMessage {
  const marked = { ...state, values: { ...state.values, collection: fingerprint } };
  return { event: 'checkpoint', stage: state.stage, bytes: encodeCheckpoint(marked) };
}
