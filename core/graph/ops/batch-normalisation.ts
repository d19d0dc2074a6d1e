import { GraphError } from '../graph-error.ts';
import { type Builder, shapeText } from '../rule.ts';
import { detach, type Value } from '../value.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { sqrt } from './elementwise.ts';
import { reshape } from './movement.ts';
import { reduceMean } from './reduce.ts';

/** The result of a batch normalisation in training, and the running statistics [C] to carry to the next step. */
export interface TrainedBatch {
  readonly y: Value;
  readonly mean: Value;
  readonly variance: Value;
}

/**
 * Batch normalisation while training: x [N, C, ...] is normalised by the statistics of the batch at hand, and the running
 * statistics `mean` and `variance` [C] move toward them by 1 - momentum. They are state without a gradient: feed them as
 * inputs `X`, output the returned ones as `X.next`, and give the last ones to `batchNormalization` for inference.
 * Mean and variance are nodes of their own, because the op's training mode fails on some providers.
 * **Convention**: as in ONNX, the variance is that of the batch (divided by its size, not by one less) and `momentum` is
 * the share that stays. **Source**: Ioffe and Szegedy 2015.
 */
export function trainBatchNormalization(
  g: Builder,
  x: Value,
  { scale, bias, mean, variance }: Readonly<Record<'scale' | 'bias' | 'mean' | 'variance', Value>>,
  { momentum = 0.9, epsilon = 1e-5 }: { readonly momentum?: number; readonly epsilon?: number } = {},
): TrainedBatch {
  const beside = x.shape.map((size, axis) => (axis === 1 ? size : 1));
  for (const [name, { shape }] of Object.entries({ scale, bias, mean, variance })) {
    if (shape.length === 1 && shape[0] === x.shape[1]) continue;
    throw new GraphError(
      `trainBatchNormalization: ${name} is ${shapeText(shape)}, expected [${x.shape[1]}] for x ${shapeText(x.shape)}`,
    );
  }
  const over = { axes: beside.flatMap((_, axis) => (axis === 1 ? [] : [axis])), keepDims: true };
  const batchMean = reduceMean(g, x, over);
  const centred = sub(g, x, batchMean);
  const batchVariance = reduceMean(g, mul(g, centred, centred), over);
  const slope = div(g, reshape(g, scale, beside), sqrt(g, add(g, batchVariance, epsilon)));
  const moved = (running: Value, seen: Value): Value =>
    add(g, mul(g, running, momentum), mul(g, reshape(g, detach(seen), mean.shape), 1 - momentum));
  return {
    y: add(g, mul(g, centred, slope), reshape(g, bias, beside)),
    mean: moved(mean, batchMean),
    variance: moved(variance, batchVariance),
  };
}
