import type { Encoder } from '../../features/encoder.ts';
import type { WorkImage } from '../../features/work-image.ts';
import type { Box } from '../../geometry/boxes.ts';
import { createRandom } from '../../geometry/random.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import type { ImagePose, LearnContext, LearnEvent } from '../event.ts';
import type { TrainingState } from '../training-loop.ts';
import { translate } from '../translate.ts';
import { discriminativeSearch, type FoundObject } from './discriminative.ts';
import { measure } from './discriminative-classes.ts';
import { boxOfMap, smoothMaps } from './discriminative-regions.ts';
import { readPhotoCheckpoint, writePhotoCheckpoint } from './photos-checkpoint.ts';
import { describePhotos, type DescribedPhotos } from './photos-describe.ts';
import { exportBoxNet } from './photos-export.ts';
import { type BoxNet, createBoxNet } from './photos-net.ts';
import { refined } from './photos-refined.ts';
import { type SeenMaps, seenMaps } from './photos-sight.ts';
import { boxSteps, trainBoxNet } from './photos-train.ts';
import { learnedParameters, startLocaliser } from './train-localiser.ts';
import { usableImages } from './usable.ts';

/** What a person can choose when objects are looked for in photos. */
export interface PhotoOptions {
  /** Share of the images' area that belongs to the object; `auto` finds it. */
  readonly objectSize: 'auto' | number;
  /** Whether a network learns to say what was found, for new images; default true. */
  readonly learn?: boolean | undefined;
}

/** Where the object was found in one photo. */
export interface PhotoFinding {
  readonly id: string;
  /** Pixels of the oriented original; null where the photo could not be used. */
  readonly box: Box | null;
  /** Mean height of the object's region above the threshold, in standard deviations of all measures. */
  readonly score: number;
  /** Why there is no box. */
  readonly reason?: string | undefined;
}

/** What co-localisation of photos leaves. */
export interface PhotoResult {
  /** One per photo, in their order. */
  readonly findings: readonly PhotoFinding[];
  readonly object: FoundObject;
  /** The learned localiser with its encoder, as the bytes of an ONNX file; null where none could be made. */
  readonly model: Uint8Array | null;
  /** Why there is no model. */
  readonly modelReason?: string | undefined;
  /** Loss of the network by step. */
  readonly losses: readonly number[];
}

/** Longest side in pixels of the work rasters that photos should have. */
export const photoSide = 640;

/**
 * Finds the common object in photos with an encoder's maps, then teaches a network to find it in new ones.
 *
 * Yields a checkpoint after the search and while the network learns; the encoder's pass and what came of the network's
 * refinement are repeated on resuming.
 *
 * **Throws** CongealError `too-few-images`, `images-blank`, `images-identical`, `usage`, `model-unsuitable` or
 * `checkpoint-mismatch`.
 */
export async function* colocalisePhotos(
  images: readonly WorkImage[],
  encoder: Encoder,
  options: PhotoOptions,
  context: LearnContext,
): AsyncGenerator<LearnEvent, PhotoResult> {
  const { seed, signal, threads, provider, resume, optimise = true } = context;
  const random = createRandom(seed).fork('photos');
  const session = { signal, optimise, ...(threads && { threads }) };
  const { indices, reasons } = usableImages(images);
  const usable = indices.map((index) => images[index]);
  const described = yield* describePhotos(usable, encoder, random.fork('describe'), session);
  const saved = resume && readPhotoCheckpoint(resume, described.maps.channels);
  const object = saved?.object ?? (yield* discriminativeSearch(described.maps, options, signal));
  const { boxes, scores } = locate(described, object);
  const findings = images.map(({ id, width, height }, index): PhotoFinding => {
    const n = indices.indexOf(index);
    if (n < 0) return { id, box: null, score: 0, reason: reasons.get(index) };
    const { xmin, ymin, xmax, ymax } = boxes[n];
    const box = { xmin: xmin * width, ymin: ymin * height, xmax: xmax * width, ymax: ymax * height };
    return { id, box, score: scores[n] };
  });
  yield { kind: 'poses', phase: 'search', poses: () => findings.flatMap((found, n) => poseOf(found, images[n])) };
  if (options.learn === false) return { findings, object, model: null, modelReason: 'not wanted', losses: [] };
  const seen = await seenMaps(described.maps, described.lattice, described.projection, object, session);
  const net = createBoxNet(seen.lattice, random.fork('network'));
  const start = saved?.training ?? startLocaliser(net);
  if (!saved) yield { kind: 'checkpoint', state: writePhotoCheckpoint(object, start) };
  const trained = yield* learn(net, seen, boxes, object, start, random.fork('training'), { ...session, provider });
  const distilled = learnedParameters(net, trained);
  const refining = { net, seen, boxes, described, object, parameters: distilled };
  const parameters = yield* refined(refining, random.fork('refinement'), session);
  return { findings, object, losses: trained.losses, ...modelOf(encoder, described, net, seen, parameters, object) };
}

/** The smallest square around a box, to be shown. */
function poseOf({ id, box }: PhotoFinding, { width, height }: WorkImage): readonly ImagePose[] {
  if (box === null) return [];
  const half = Math.max(box.xmax - box.xmin, box.ymax - box.ymin) / 2;
  const [x, y] = [(box.xmin + box.xmax) / width - 1, (box.ymin + box.ymax) / height - 1];
  return [{ id, toUnit: [(2 * half) / width, 0, x, 0, (2 * half) / height, y, 0, 0, 1] }];
}

/** Turns what was learned about the object into one box per photo, in fractions of its sides, and a score. */
function locate(
  { maps, lattice }: DescribedPhotos,
  { direction, threshold }: FoundObject,
): { readonly boxes: readonly Box[]; readonly scores: readonly number[] } {
  const cells = maps.rows * maps.columns;
  const measured = smoothMaps(measure(maps, direction), maps.rows, maps.columns);
  const spread = standardDeviation(measured);
  const found = Array.from({ length: maps.count }, (_, n) =>
    boxOfMap(measured.subarray(n * cells, (n + 1) * cells), lattice, threshold),
  );
  return { boxes: found, scores: found.map(({ region }) => (region.sum / region.cells - threshold) / spread) };
}

async function* learn(
  net: BoxNet,
  seen: SeenMaps,
  boxes: readonly Box[],
  object: FoundObject,
  start: TrainingState,
  random: ReturnType<typeof createRandom>,
  session: SessionOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<LearnEvent, TrainingState> {
  const training = trainBoxNet(net, seen, boxes, start, random, session);
  return yield* translate(training, function* ({ step, loss, saved, note }): Iterable<LearnEvent> {
    yield { kind: 'progress', phase: 'learn', done: step, total: boxSteps, loss };
    if (note !== undefined) yield { kind: 'note', message: note };
    if (saved !== undefined) yield { kind: 'checkpoint', state: writePhotoCheckpoint(object, saved) };
  });
}

function modelOf(
  encoder: Encoder,
  { lattice }: DescribedPhotos,
  net: BoxNet,
  { sight }: SeenMaps,
  parameters: Readonly<Record<string, Tensor>>,
  { objectSize }: FoundObject,
): Pick<PhotoResult, 'model' | 'modelReason'> {
  try {
    const metadata = { encoder: encoder.name, objectSize: String(objectSize) };
    return { model: exportBoxNet(encoder, lattice.side, net, parameters, sight, metadata) };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { model: null, modelReason: `the encoder cannot become part of a model: ${error.message}` };
  }
}

function standardDeviation(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(1e-20, squares / values.length - (sum / values.length) ** 2));
}
