import { CongealError } from '../contract/errors.ts';
import { determinant } from '../geometry/matrix.ts';
import { float32 } from '../graph/tensor.ts';
import type { WorkImage } from '../features/work-image.ts';
import { inspectModel } from '../runtime/inspect.ts';
import { openSession } from '../runtime/session.ts';
import type { CollectionFile } from './collection.ts';
import { readCollection } from './collection.ts';
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

/**
 * Runs a learned transformer over images: for each its transform and its score.
 *
 * **Throws** CongealError `model-invalid` for bytes that are no model, `model-unsuitable` for a model that is not a
 * transformer with one input of pixels `[N, 3, H, W]` and an output theta `[N, 2, 3]`.
 */
export async function* applyTransformer(
  request: ApplyRequest,
  context: JobContext,
): AsyncGenerator<JobMessage, Learned> {
  const { kind, workSide } = checkTransformer(request);
  const session = await openSession(request.model, { threads: context.threads });
  try {
    const { files, allowDamaged } = request;
    const collection = yield* readCollection({ files, maxSide: workSide, allowDamaged }, context);
    const located: Located[] = [];
    for (const image of collection.work) {
      context.signal.throwIfAborted();
      const { theta, score } = await session.run({ pixels: pixelsOf(image) });
      located.push(
        locate(image, Array.from(theta.data, Number), score === undefined ? undefined : Number(score.data[0])),
      );
      yield { event: 'progress', phase: 'apply', done: located.length, total: collection.work.length };
      await new Promise(setImmediate);
    }
    const { images, failures } = collection;
    return { images, failures, located, family: kind, model: null, curves: [], figures: {}, notes: [] };
  } finally {
    await session.dispose();
  }
}

function checkTransformer({ model, modelName }: ApplyRequest): { readonly kind: string; readonly workSide: number } {
  const { inputs, outputs, metadata } = inspectModel(model);
  const describe = inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(' and ');
  const [input] = inputs;
  const fits = inputs.length === 1 && input.name === 'pixels' && input.shape.length === 4 && input.shape[1] === 3;
  const dynamic = fits && typeof input.shape[2] === 'string' && typeof input.shape[3] === 'string';
  if (!dynamic || !outputs.some(({ name }) => name === 'theta'))
    throw new CongealError(
      'model-unsuitable',
      `${modelName} is not a transformer that can be applied: it takes ${describe || 'nothing'}, expected one input ` +
        'pixels [N, 3, H, W] of any size and an output theta. Use the localiser.onnx or aligner.onnx that find or align wrote.',
    );
  return { kind: metadata['family'] ?? 'affine', workSide: Number(metadata['work_side'] ?? defaultWorkSide) };
}

/** One image as the transformer's input `[1, 3, h, w]`, 0..1. */
function pixelsOf({ raster }: WorkImage) {
  return float32(
    Float32Array.from(raster.data, (value) => value / 255),
    [1, 3, raster.height, raster.width],
  );
}

function locate(image: WorkImage, theta: readonly number[], score: number | undefined): Located {
  const { id } = image;
  if (!theta.every(Number.isFinite))
    return {
      id,
      status: 'missing',
      reason: 'no transform came out',
      canonicalToImage: null,
      box: null,
      mirrored: false,
      scores: {},
    };
  const canonicalToImage = thetaToPixels(theta, image);
  return {
    id,
    status: 'ok',
    canonicalToImage,
    box: null,
    mirrored: determinant(canonicalToImage) < 0,
    scores: {
      ...(score === undefined ? {} : { similarity: score }),
      ...measuresOf(canonicalToImage, image),
    },
  };
}
