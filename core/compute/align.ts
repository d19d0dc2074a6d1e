import type { Box } from '../geometry/boxes.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import { determinant } from '../geometry/matrix.ts';
import { GraphError } from '../graph/graph-error.ts';
import { trainAligner } from '../learn/aligner/train-aligner.ts';
import { congeal } from '../learn/congeal/congeal.ts';
import type { AlignFamily } from '../learn/congeal/generators.ts';
import type { CongealedImage } from '../learn/congeal/result.ts';
import type { LearnContext } from '../learn/event.ts';
import type { Collection, CollectionFile } from './collection.ts';
import { readCollection, relay, resumeState } from './collection.ts';
import { openFeatures } from './features.ts';
import { measuresOf } from './frames.ts';
import type { JobContext, JobMessage } from './job.ts';
import type { Learned, Located } from './learned.ts';
import type { TwoParts } from './two-parts.ts';
import { joinParts, splitParts } from './two-parts.ts';

/** What is to be aligned and how. */
export interface AlignRequest {
  readonly files: readonly CollectionFile[];
  readonly family: AlignFamily;
  /** Largest rotation either way, in degrees. */
  readonly rotation: number;
  readonly mirror: boolean;
  readonly reference?: string | undefined;
  /** By image: where to start, in pixels of the oriented original. */
  readonly boxes?: ReadonlyMap<string, Box> | undefined;
  /** By image: the canonical frame to pixels of the oriented original, as a person fixed it; such images keep it. */
  readonly pins?: ReadonlyMap<string, Matrix3> | undefined;
  readonly features: string;
  /** Whether a transformer for new images is learned from the result. */
  readonly learn: boolean;
  /** Side in pixels of the crops that the learned transformer gives. */
  readonly size: number;
  readonly allowDamaged: boolean;
  /** Whether graphs are simplified before they run; they are unless this is false. */
  readonly optimise?: boolean | undefined;
}

const workSide = 256;

/** Joint alignment of a collection, then the learned transformer. */
export async function* alignJointly(request: AlignRequest, context: JobContext): AsyncGenerator<JobMessage, Learned> {
  const { files, allowDamaged, family, rotation, mirror, reference, boxes, pins, learn, size } = request;
  const collection = yield* readCollection({ files, maxSide: workSide, allowDamaged }, context);
  const { images, failures, fingerprint, work } = collection;
  const states: TwoParts = splitParts(resumeState(context.resume, fingerprint));
  const { seed, signal, threads, provider } = context;
  const { optimise } = request;
  const features = await openFeatures(request.features, threads, optimise);
  try {
    const learning = (resume: LearnContext['resume']): LearnContext => {
      return { seed, signal, threads, provider, resume, optimise };
    };
    const options = {
      ...{ family, rotation, mirror },
      ...(reference === undefined ? {} : { reference }),
      ...(boxes === undefined ? {} : { boxes }),
      ...(pins === undefined ? {} : { pins }),
    };
    const aligning = congeal(work, options, learning(states.first), features.extractor);
    const aligned = yield* relay(joinParts(aligning, 'first', states), collection);
    const curves = [{ title: 'Agreement', x: 'refinement step', y: 'mean similarity', values: aligned.history }];
    const plain = { images, failures, family, located: locate(collection, aligned.images, pins), notes: [] };
    const flagged = plain.located.filter(({ status }) => status === 'flagged').length;
    const figures = { flagged, 'median similarity': median(plain.located.map(({ scores }) => scores['similarity'])) };
    if (!learn) return { ...plain, model: null, curves, figures };
    const training = trainAligner(work, aligned, { features, family, mirror, size }, learning(states.second));
    try {
      const learned = yield* relay(joinParts(training, 'second', states), collection);
      return {
        ...plain,
        model: learned.model,
        curves: [...curves, { title: 'Learned transformer', x: 'step', y: 'loss', values: learned.losses }],
        figures: { ...figures, ...learned.figures },
      };
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      const note = `No aligner.onnx was written: the encoder cannot become part of a model (${error.message}).`;
      return { ...plain, model: null, curves, figures, notes: [note] };
    }
  } finally {
    await features.dispose();
  }
}

function locate(
  { images }: Collection,
  aligned: readonly CongealedImage[],
  pins: AlignRequest['pins'],
): readonly Located[] {
  return aligned.map(({ id, toPixels, mirrored, status, reason, scores }, n) => {
    const pin = pins?.get(id);
    const canonicalToImage = pin ?? toPixels;
    const signals = {
      similarity: scores.similarity,
      pose_distance: scores.distance,
      ...measuresOf(canonicalToImage, images[n].info),
    };
    const finite = Object.entries(signals).filter(([, value]) => Number.isFinite(value));
    const pose = { canonicalToImage, box: null, scores: Object.fromEntries(finite) };
    return pin === undefined
      ? { ...pose, id, status, reason, mirrored }
      : { ...pose, id, status: 'ok', mirrored: determinant(pin) < 0 };
  });
}

function median(values: readonly (number | undefined)[]): number {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
