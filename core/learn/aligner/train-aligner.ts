import type { WorkImage } from '../../features/work-image.ts';
import { identity3, multiply, rotate, scale as scaling, type Matrix3 } from '../../geometry/matrix.ts';
import { createRandom } from '../../geometry/random.ts';
import type { Tensor } from '../../graph/tensor.ts';
import { isConcentrated } from '../congeal/concentration.ts';
import { readPose } from '../congeal/gauge.ts';
import type { AlignFamily } from '../congeal/generators.ts';
import type { CongealResult } from '../congeal/result.ts';
import { fingerprintOf } from '../congeal/state.ts';
import { progress, type Work } from '../congeal/work.ts';
import type { LearnContext } from '../event.ts';
import type { TrainingState } from '../training-loop.ts';
import { translate } from '../translate.ts';
import { measureAgreement } from './agreement.ts';
import { exportAligner, type AlignerParts } from './export-aligner.ts';
import type { FeatureSource } from './feature-nodes.ts';
import { takeLessons } from './lessons.ts';
import { startVotes, trainVotes, votingParameters, type VoteSchedule } from './train-votes.ts';
import { makeTrainingViews } from './training-views.ts';
import type { VoteNetShape } from './vote-net.ts';
import { restoreVotes } from './vote-state.ts';

/** How many views of the images are drawn, and how long the network trains on them. */
export interface AlignerEffort extends VoteSchedule {
  readonly views: number;
}

/** How a transformer is learned from an alignment. */
export interface AlignerOptions {
  /** The features of the alignment. */
  readonly features: FeatureSource;
  readonly family: AlignFamily;
  /** Whether new images are also tried mirrored; as in the alignment. */
  readonly mirror: boolean;
  /** Side in pixels of the crops that the transformer gives. */
  readonly size: number;
  readonly effort?: Partial<AlignerEffort>;
  /** Further entries of the model's metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A learned transformer as an ONNX model, and how it was learned. */
export interface TrainedAligner {
  readonly model: Uint8Array;
  readonly losses: readonly number[];
  /** How far the model agrees with the alignment on the images that it was learned from. */
  readonly figures: Readonly<Record<string, number>>;
}

const usualEffort: AlignerEffort = { views: 3000, steps: 500, batch: 32, learningRate: 3e-3 };
/** Sets without a common upright pose have more to learn. */
const turningEffort: AlignerEffort = { ...usualEffort, views: 4000, steps: 800 };

/**
 * Where the network looks first. Three looks, of which the best counts, find the one image in twenty that a single look
 * misses.
 */
const uprightWindows = [identity3, firstWindow(0.35, 0.8), firstWindow(-0.35, 0.8)];
const turningWindows = [identity3, firstWindow(2.1, 0.9), firstWindow(-2.1, 0.9)];

const cells = 24;
const mostChannels = 32;
const hidden = 48;

/** How far training views are turned either way where the set has a common upright pose, in radians. */
const uprightTurn = Math.PI / 3;

/**
 * Learns a transformer that brings new images into the canonical pose of an alignment: a dense-vote network, then
 * refinement against the learned template, all in one ONNX model.
 *
 * The same images, alignment, options, seed and threads give the same bytes, also when resumed.
 *
 * **Throws** CongealError `checkpoint-mismatch` or `diverged`; GraphError for an encoder with an op that has no rule; the
 * signal's reason when aborted.
 */
export async function* trainAligner(
  images: readonly WorkImage[],
  alignment: CongealResult,
  options: AlignerOptions,
  context: LearnContext,
): Work<TrainedAligner> {
  const { features, family, mirror, size, metadata = {} } = options;
  const { projection } = alignment;
  const upright = isConcentrated({ share: alignment.concentration, mean: 0, deviation: 0 });
  const effort = { ...(upright ? usualEffort : turningEffort), ...options.effort };
  const firstWindows = upright ? uprightWindows : turningWindows;
  const random = createRandom(context.seed).fork('aligner');
  const shape: VoteNetShape = { cells, channels: Math.min(mostChannels, projection.components), hidden };
  const lessons = takeLessons(images, alignment, features.extractor.inputChannels === 3, random.fork('lessons'));
  const fresh = startVotes(shape, random);
  const fingerprint = fingerprintOf([
    ...alignment.images.map(({ id, toUnit }) => `${id} ${toUnit.join(' ')}`),
    JSON.stringify({ shape, effort, family, mirror, seed: context.seed, features: features.extractor.name }),
  ]);
  const start = context.resume ? restoreVotes(context.resume, fingerprint) : fresh;
  const scale = Math.exp(mean(lessons.map(({ warp }) => Math.log(readPose(warp).scale))));
  const template = { ...alignment.template, family, mirror };
  const write = (state: TrainingState): Uint8Array => {
    const parameters: Record<string, Tensor> = votingParameters(state);
    const parts: AlignerParts = { template, source: features, shape, parameters, scale, size, metadata, firstWindows };
    return exportAligner(parts);
  };
  /* Says at once, not after the training, when an encoder cannot be part of the model. */
  if (features.encoder) write(fresh);

  const describer = { extractor: features.extractor, projection, signal: context.signal };
  const turn = upright ? uprightTurn : Math.PI;
  const making = makeTrainingViews(describer, lessons, effort.views, shape, turn, random.fork('views'));
  const views = yield* translate(making, (count) => [progress('views', count, effort.views)]);

  const state = yield* trainVotes(views, shape, start, effort, random.fork('batches'), fingerprint, context);
  const model = write(state);
  const figures = yield* measureAgreement(model, images, alignment, context);
  return { model, losses: state.losses, figures };
}

function firstWindow(angle: number, size: number): Matrix3 {
  return multiply(rotate(angle), scaling(size));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
