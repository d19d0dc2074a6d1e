import { CongealError } from '../contract/errors.ts';
import { determinant } from '../geometry/matrix.ts';
import type { Tensor } from '../graph/tensor.ts';
import { float32 } from '../graph/tensor.ts';
import type { WorkImage } from '../features/work-image.ts';
import type { ModelInfo } from '../runtime/inspect.ts';
import { inspectModel } from '../runtime/inspect.ts';
import type { Session } from '../runtime/session.ts';
import { isOutOfMemory, openSession } from '../runtime/session.ts';
import type { Answer, Missed } from './apply-state.ts';
import { answersOf, stateOfAnswers } from './apply-state.ts';
import type { CollectionFile } from './collection.ts';
import { readCollection, resumeState, toCheckpointMessage } from './collection.ts';
import { measuresOf, thetaToPixels } from './frames.ts';
import type { JobContext, JobMessage } from './job.ts';
import type { Learned, Located } from './learned.ts';

/** New images, and the learned transformer to run over them. */
export interface ApplyRequest {
  readonly files: readonly CollectionFile[];
  /** Name of the model's file, for messages. */
  readonly modelName: string;
  readonly model: Uint8Array;
  readonly allowDamaged: boolean;
}

const defaultWorkSide = 320;
/** Images between two states that are kept. */
const saveEvery = 8;

/**
 * Runs a learned transformer over images: for each its transform and its score. Goes on from its states, and ends with the
 * same result.
 *
 * **Throws** CongealError `model-invalid` for bytes that are no model, `model-unsuitable` for a model that is not a
 * transformer with one input of pixels `[N, 3, H, W]` and an output theta `[N, 2, 3]`, `checkpoint-mismatch` for a state of
 * other images, `too-few-images` where none can be used.
 */
export async function* applyTransformer(
  request: ApplyRequest,
  context: JobContext,
): AsyncGenerator<JobMessage, Learned> {
  const { kind, workSide } = await checkTransformer(request);
  const session = await openTransformer(request.model, request.modelName, context.threads);
  try {
    const { files, allowDamaged } = request;
    const collection = yield* readCollection({ files, maxSide: workSide, allowDamaged }, context);
    const { work, fingerprint } = collection;
    if (work.length === 0) throw nothingToApplyTo(files.length);
    const { answers, failure } = answersOf(resumeState(context.resume, fingerprint));
    let first = failure;
    for (const image of work.slice(answers.length)) {
      context.signal.throwIfAborted();
      const found = await transformOf(session, image, request.modelName);
      answers.push('failure' in found ? found.missed : found);
      if ('failure' in found) first ??= found.failure;
      yield { event: 'progress', phase: 'apply', done: answers.length, total: work.length };
      if (answers.length % saveEvery === 0)
        yield toCheckpointMessage(stateOfAnswers({ answers, failure: first }), fingerprint);
      await new Promise(setImmediate);
    }
    const located = work.map((image, n) => locate(image, answers[n]));
    // A model that takes no image at all is the wrong one, or too large for this machine.
    if (first !== undefined && located.every(({ status }) => status === 'missing')) throw first;
    const { images, failures } = collection;
    return { images, failures, located, family: kind, model: null, curves: [], figures: {}, notes: [] };
  } finally {
    await session.dispose();
  }
}

function nothingToApplyTo(count: number): CongealError {
  return new CongealError(
    'too-few-images',
    `None of the ${count} files can be used as an image, so there is nothing to run the model over; expected at least 1. ` +
      'Check the folder and its files.',
  );
}

/** What a transformer says of itself. */
interface TransformerKind {
  readonly kind: string;
  /** Longest side in pixels of the images that it was made for. */
  readonly workSide: number;
}

/**
 * Looks at a model before it is run over images.
 *
 * **Throws** CongealError `model-invalid` or `model-unsuitable`.
 */
export async function checkTransformer({
  model,
  modelName,
}: Pick<ApplyRequest, 'model' | 'modelName'>): Promise<TransformerKind> {
  const { inputs, outputs, metadata } = inspectTransformer(model, modelName);
  const describe = inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(' and ');
  const [input] = inputs;
  const fits = inputs.length === 1 && input.name === 'pixels' && input.shape.length === 4 && input.shape[1] === 3;
  const dynamic = fits && typeof input.shape[2] === 'string' && typeof input.shape[3] === 'string';
  if (!dynamic || !outputs.some(({ name }) => name === 'theta'))
    throw unsuitable(
      modelName,
      `it takes ${describe || 'nothing'}, expected one input pixels [N, 3, H, W] of any size and an output theta`,
    );
  const session = await openTransformer(model, modelName, 1);
  await session.dispose();
  const workSide = Number(metadata['work_side'] ?? defaultWorkSide);
  if (!(workSide >= 8 && workSide <= 4096))
    throw unsuitable(modelName, `its work_side is ${workSide}, expected 8 to 4096`);
  return { kind: metadata['family'] ?? 'affine', workSide };
}

const useOurs = 'Use the localiser.onnx or aligner.onnx that find or align wrote.';

function unsuitable(modelName: string, why: string, cause?: unknown): CongealError {
  return new CongealError(
    'model-unsuitable',
    `${modelName} is not a transformer that can be applied: ${why}. ${useOurs}`,
    { cause },
  );
}

function inspectTransformer(model: Uint8Array, modelName: string): ModelInfo {
  try {
    return inspectModel(model);
  } catch (cause) {
    if (!(cause instanceof CongealError)) throw cause;
    throw new CongealError(cause.code, `${modelName} is not a model. ${cause.message} ${useOurs}`, { cause });
  }
}

async function openTransformer(model: Uint8Array, modelName: string, threads: number): Promise<Session> {
  try {
    return await openSession(model, { threads });
  } catch (cause) {
    if (!(cause instanceof CongealError)) throw cause;
    throw new CongealError(cause.code, `${modelName} cannot be used. ${cause.message} ${useOurs}`, { cause });
  }
}

/**
 * Runs the model over one image; gives the failure where it does not take this one. **Throws** CongealError
 * `model-unsuitable` for a model whose answer is no transform.
 */
async function transformOf(
  session: Session,
  image: WorkImage,
  modelName: string,
): Promise<Answer | { readonly missed: Missed; readonly failure: CongealError }> {
  let results: Awaited<ReturnType<Session['run']>>;
  try {
    results = await session.run({ pixels: pixelsOf(image) });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return isOutOfMemory(cause)
      ? { missed: 'too little memory', failure: tooLittleMemory(modelName, image, cause) }
      : { missed: 'fails', failure: unsuitable(modelName, `it fails on ${image.id} (${why})`, cause) };
  }
  const theta = Array.from(results['theta'].data, Number);
  if (theta.length !== 6)
    throw unsuitable(modelName, `its theta is [${results['theta'].shape.join(', ')}], expected [N, 2, 3]`);
  const score = results['score'] as Tensor | undefined;
  return { theta, score: score === undefined ? undefined : Number(score.data[0]) };
}

function tooLittleMemory(modelName: string, { id, raster }: WorkImage, cause: unknown): CongealError {
  return new CongealError(
    'unavailable',
    `There was too little memory to run ${modelName} on ${id} (${raster.width} x ${raster.height}) or any other image. ` +
      'Close other programs, use fewer --threads, or take a smaller model.',
    { cause },
  );
}

/** One image as the transformer's input `[1, 3, h, w]`, 0..1. */
function pixelsOf({ raster }: WorkImage) {
  return float32(
    Float32Array.from(raster.data, (value) => value / 255),
    [1, 3, raster.height, raster.width],
  );
}

function missing(id: string, reason: string): Located {
  return { id, status: 'missing', reason, canonicalToImage: null, box: null, mirrored: false, scores: {} };
}

function locate(image: WorkImage, answer: Answer | Missed): Located {
  const { id } = image;
  if (answer === 'fails') return missing(id, 'the model fails on this image');
  if (answer === 'too little memory') return missing(id, 'there was too little memory for the model on this image');
  const { theta, score } = answer;
  if (!theta.every(Number.isFinite)) return missing(id, 'no transform came out');
  const canonicalToImage = thetaToPixels(theta, image);
  return {
    id,
    status: 'ok',
    canonicalToImage,
    box: null,
    mirrored: determinant(canonicalToImage) < 0,
    scores: {
      ...(score === undefined || !Number.isFinite(score) ? {} : { similarity: score }),
      ...measuresOf(canonicalToImage, image),
    },
  };
}
