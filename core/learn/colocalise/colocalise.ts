import type { WorkImage } from '../../features/work-image.ts';
import { type Box, iou } from '../../geometry/boxes.ts';
import { createRandom } from '../../geometry/random.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import type { LearnContext, LearnEvent } from '../event.ts';
import type { TrainingState } from '../training-loop.ts';
import { translate } from '../translate.ts';
import { applyLocaliser } from './apply-localiser.ts';
import { exportNetwork, exportPattern } from './export-localiser.ts';
import { createLocaliser, type LocaliserName } from './localiser.ts';
import { learnLocaliser, type LocaliserObjective } from './learn-localiser.ts';
import { searchPattern, type SharedPattern } from './pattern-search.ts';
import { hitSquares, meanAtPlaces, networkPlaces, placedSquares, squareBox } from './places.ts';
import { frameOf, frameOfShare, type PatternFrame } from './size-rule.ts';
import { learnedParameters } from './train-localiser.ts';
import { shownSquares, withShown } from './shown-squares.ts';
import { usableImages } from './usable.ts';
import { describeWork, type WorkMaps } from './work-maps.ts';

/** What a person can choose. */
export interface ColocaliseOptions {
  /** Share of the images' area that belongs to the object; `auto` finds it. */
  readonly objectSize: 'auto' | number;
  readonly objective: LocaliserObjective;
  readonly net: LocaliserName;
}

/** Where the common object was found in one image. */
export interface ColocalisedImage {
  readonly id: string;
  /** In pixels of the oriented original; null when nothing could be found. */
  readonly box: Box | null;
  /** Likeness of what was found to the shared pattern, at most 1; 0 without a box. */
  readonly score: number;
  /** Why there is no box. */
  readonly reason?: string;
  /** Crop to unit coordinates of the image, [[sx, 0, tx], [0, sy, ty]] row by row; null without a box. */
  readonly theta: readonly number[] | null;
}

/** What co-localisation leaves. */
export interface ColocaliseResult {
  readonly images: readonly ColocalisedImage[];
  /** Which solution was taken: the learned network's, or the search's that checks it. */
  readonly method: 'network' | 'search';
  /** Why the search was taken. */
  readonly methodReason?: string;
  /** Training loss by step. */
  readonly losses: readonly number[];
  readonly figures: ColocaliseFigures;
  /** `localiser.onnx`: pixels in; theta, crop, box and score out. */
  readonly model: Uint8Array;
}

/** Numbers that tell how well it went. */
export interface ColocaliseFigures {
  /** Energy of the shared pattern that each solution explains, per image, at one size. */
  readonly networkGain: number;
  readonly searchGain: number;
  /** Share of images in which the two solutions' boxes overlap by more than half. */
  readonly agreement: number;
  /** Largest over smallest size of the objects (95 % of them); 1 when all are of one size. */
  readonly sizeRatio: number;
  /** Mean overlap of the run's boxes with those of the written model. */
  readonly modelAgreement: number;
  /** Share of the images' area inside the boxes. */
  readonly objectSize: number;
}

/** The network must explain this share of what the search explains. */
const enoughGain = 0.85;
/** Below this spread of log size, one size for all is good enough. */
const smallSpread = 0.05;

/**
 * Finds the object that a set of images shares and learns a localiser for it. Yields progress and checkpoints.
 *
 * **Throws** CongealError `too-few-images`, `images-identical`, `images-blank` or `diverged`.
 */
export async function* colocalise(
  images: readonly WorkImage[],
  options: ColocaliseOptions,
  context: LearnContext,
): AsyncGenerator<LearnEvent, ColocaliseResult> {
  const { seed, signal, threads, provider, resume, optimise = true } = context;
  const session: SessionOptions & { signal?: AbortSignal | undefined } = {
    signal,
    optimise,
    ...(threads && { threads }),
  };
  const random = createRandom(seed).fork('colocalise');
  const usable = usableImages(images);
  const chosen = usable.indices.map((index) => images[index]);
  const far = (phase: string, done: number): LearnEvent => ({ kind: 'progress', phase, done, total: chosen.length });
  yield far('describe', 0);
  const maps = yield* translate(describeWork(chosen, session), (done) => [far('describe', done)]);
  const pattern = yield* searchPattern(maps, random.fork('search'), session);

  const channels = maps.levels[0].channels;
  const frameFor = (prototype: Float32Array, window: number, scales: readonly number[]): PatternFrame => {
    const frame = frameOf(prototype, channels, window);
    return options.objectSize === 'auto' ? frame : frameOfShare(frame, options.objectSize, maps.sizes, scales);
  };
  const searchFrame = frameFor(
    pattern.prototype,
    pattern.window,
    pattern.hits.map(({ level }) => maps.levels[level].scale),
  );
  yield shownSquares('search', chosen, maps, () => hitSquares(pattern, searchFrame, maps));

  const localiser = createLocaliser(options.net, random.fork('network'));
  const seenBy = async (state: Pick<TrainingState, 'tensors'>) => {
    const parameters = learnedParameters(localiser, state);
    const places = await networkPlaces(localiser, parameters, maps, session);
    const learned = meanAtPlaces(maps, places);
    const frame = frameFor(learned.prototype, learned.window, [1]);
    return { parameters, learned, frame, squares: placedSquares(places, frame, learned.window) };
  };
  const training = learnLocaliser(localiser, maps, options.objective, random.fork('training'), resume, {
    ...session,
    provider,
  });
  const state = yield* withShown(training, (saved) =>
    shownSquares('learn', chosen, maps, async () => (await seenBy(saved)).squares),
  );
  const { parameters, learned, frame: networkFrame, squares } = await seenBy(state);
  const networkBoxes = squares.map((square, n) => squareBox(square, chosen[n]));
  const searchBoxes = hitSquares(pattern, searchFrame, maps).map((square, n) => squareBox(square, chosen[n]));
  const methodReason = whySearch(pattern, learned.gain);
  const metadata = { recipe: JSON.stringify({ ...options, seed, images: chosen.length }) };
  const model = methodReason
    ? exportPattern(pattern, searchFrame, maps, { ...metadata, method: 'search' })
    : exportNetwork(localiser, parameters, networkFrame, learned, maps, { ...metadata, method: 'network' });
  const boxes = methodReason ? searchBoxes : networkBoxes;
  yield far('verify', 0);
  const localised = yield* translate(applyLocaliser(model, chosen, session), (done) => [far('verify', done)]);
  const found = new Map(localised.map((one, n): [number, ColocalisedImage] => [usable.indices[n], one]));
  return {
    images: images.map(
      ({ id }, index) =>
        found.get(index) ?? { id, box: null, score: 0, reason: usable.reasons.get(index) ?? '', theta: null },
    ),
    method: methodReason ? 'search' : 'network',
    ...(methodReason && { methodReason }),
    losses: state.losses,
    figures: {
      networkGain: learned.gain,
      searchGain: pattern.gain,
      agreement: mean(networkBoxes.map((box, n) => (iou(box, searchBoxes[n]) > 0.5 ? 1 : 0))),
      sizeRatio: sizeRatio(pattern, maps),
      modelAgreement: mean(localised.map(({ box }, n) => iou(box, boxes[n]))),
      objectSize: mean(boxes.map((box, n) => areaShare(box, chosen[n]))),
    },
    model,
  };
}

function whySearch(pattern: SharedPattern, gain: number): string | undefined {
  if (pattern.spread > smallSpread)
    return 'the objects differ in size; the network crops one size, the search finds the size of each';
  if (gain < enoughGain * pattern.gain)
    return `the network's crops share ${((100 * gain) / pattern.gain).toFixed(0)} % of what the search's crops share`;
  return undefined;
}

function sizeRatio(pattern: SharedPattern, maps: WorkMaps): number {
  const scales = pattern.hits.map(({ level }) => maps.levels[level].scale).sort((a, b) => a - b);
  const at = (share: number): number => scales[Math.round(share * (scales.length - 1))];
  return at(0.975) / at(0.025);
}

function areaShare({ xmin, ymin, xmax, ymax }: Box, { width, height }: WorkImage): number {
  return ((xmax - xmin) * (ymax - ymin)) / (width * height);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}
