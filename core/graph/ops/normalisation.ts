import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  axisOf,
  type Builder,
  float,
  type Inferred,
  inputOf,
  integer,
  type OpCall,
  type OpRule,
  required,
  shapeText,
} from '../rule.ts';
import { sameShape } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { sumToShape } from './broadcast.ts';
import { neg, sqrt } from './elementwise.ts';
import { reshape } from './movement.ts';
import { reduceMean, reduceSum } from './reduce.ts';

/** Shape of x, with all other inputs [C] and of its dtype. */
function inferChannels(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  call.inputs.slice(1).forEach((_, i) => {
    const { shape: found, dtype: other } = required(call, i + 1);
    if (shape.length > 1 && sameShape(found, [shape[1]]) && other === dtype) return;
    throw new GraphError(
      `${call.op}: input ${i + 1} is ${other} ${shapeText(found)}, expected ${dtype} [C] for x (input 0) [N, C, ...], here ${shapeText(shape)}`,
    );
  });
  return [{ shape, dtype }];
}

function inferBatch(call: OpCall): Inferred[] {
  if (integer(call.attributes, 'training_mode', 0) !== 1) return inferChannels(call);
  throw new GraphError(
    'BatchNormalization: training_mode 1 fails on some providers; use trainBatchNormalization (batch-normalisation.ts)',
  );
}

function inferLayer(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const rest = shape.slice(axisOf(call.op, integer(call.attributes, 'axis', -1), shape.length));
  call.inputs.slice(1).forEach((input, i) => {
    if (!input || (sameShape(input.shape, rest) && input.dtype === dtype)) return;
    throw new GraphError(
      `LayerNormalization: input ${i + 1} is ${input.dtype} ${shapeText(input.shape)}, expected ${dtype} ${shapeText(rest)}`,
    );
  });
  return [{ shape, dtype }];
}

/** A vector [C] of node input `index` as [1, C, 1, ...], to stand beside values of `rank` axes. */
function channels(g: Builder, node: Node, index: number, rank: number): Value {
  const found = inputOf(node, index);
  return reshape(
    g,
    found,
    Array.from({ length: rank }, (_, axis) => (axis === 1 ? found.shape[0] : 1)),
  );
}

/** Gradients of fixed statistics: scale (x - mean) / deviation + bias, toward all five inputs. */
const batchGradient: OpRule['gradient'] = (g, node, dy, wanted) => {
  const rank = dy.shape.length;
  const deviation = sqrt(g, add(g, channels(g, node, 4, rank), float(node.attributes, 'epsilon', 1e-5)));
  const slope = div(g, channels(g, node, 1, rank), deviation);
  const others = dy.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const total = (of: Value): Value => reduceSum(g, of, { axes: others });
  const normal = div(g, sub(g, inputOf(node, 0), channels(g, node, 3, rank)), deviation);
  const along = wanted[1] || wanted[4] ? total(mul(g, dy, normal)) : dy;
  const perVariance = (): Value => reshape(g, div(g, mul(g, slope, -0.5), deviation), inputOf(node, 4).shape);
  return [
    wanted[0] ? mul(g, dy, slope) : null,
    wanted[1] ? along : null,
    wanted[2] ? total(dy) : null,
    wanted[3] ? neg(g, mul(g, total(dy), reshape(g, slope, inputOf(node, 3).shape))) : null,
    wanted[4] ? mul(g, along, perVariance()) : null,
  ];
};

/**
 * Gradients of statistics taken from x itself over `axes`: toward x, scale and bias, where `scale` is shaped to stand
 * beside x. The mean of the gradient and its part along the normalised x cannot act, so both are taken out.
 */
function ownStatisticsGradient(g: Builder, node: Node, dy: Value, axes: readonly number[], scale: Value): Value[] {
  const how = { axes, keepDims: true };
  const centred = sub(g, inputOf(node, 0), reduceMean(g, inputOf(node, 0), how));
  const variance = reduceMean(g, mul(g, centred, centred), how);
  const deviation = sqrt(g, add(g, variance, float(node.attributes, 'epsilon', 1e-5)));
  const normal = div(g, centred, deviation);
  const scaled = mul(g, dy, scale);
  const along = mul(g, normal, reduceMean(g, mul(g, scaled, normal), how));
  const acting = sub(g, sub(g, scaled, reduceMean(g, scaled, how)), along);
  return [div(g, acting, deviation), mul(g, dy, normal), dy];
}

/** Normalisations by fixed statistics (batch), by those of each sample (layer) or of each of its channels (instance). */
export const normalisationRules = {
  BatchNormalization: { infer: inferBatch, gradient: batchGradient },
  InstanceNormalization: {
    infer: inferChannels,
    gradient: (g, node, dy) => {
      const rank = dy.shape.length;
      const axes = Array.from({ length: rank - 2 }, (_, i) => i + 2);
      const beside = channels(g, node, 1, rank);
      const [towardsX, towardsScale, towardsBias] = ownStatisticsGradient(g, node, dy, axes, beside);
      const total = (of: Value): Value => reduceSum(g, of, { axes: [0, ...axes] });
      return [towardsX, total(towardsScale), total(towardsBias)];
    },
  },
  LayerNormalization: {
    infer: inferLayer,
    gradient: (g, node, dy, wanted) => {
      const rank = dy.shape.length;
      const first = axisOf('LayerNormalization', integer(node.attributes, 'axis', -1), rank);
      const axes = Array.from({ length: rank - first }, (_, i) => first + i);
      const scale = inputOf(node, 1);
      const [towardsX, towardsScale, towardsBias] = ownStatisticsGradient(g, node, dy, axes, scale);
      const total = (of: Value): Value => sumToShape(g, of, scale.shape);
      return [towardsX, total(towardsScale), wanted[2] ? total(towardsBias) : null];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

/** (x - mean) / sqrt(variance + epsilon) * scale + bias per channel of x [N, C, ...]; all four are [C]. */
export function batchNormalization(
  g: Builder,
  x: Value,
  { scale, bias, mean, variance }: Readonly<Record<'scale' | 'bias' | 'mean' | 'variance', Value>>,
  epsilon = 1e-5,
): Value {
  return g.node('BatchNormalization', [x, scale, bias, mean, variance], { epsilon: { float: epsilon } });
}

/** Each channel of each sample of x [N, C, ...] brought to mean 0 and variance 1, times scale [C], plus bias [C]. */
export function instanceNormalization(g: Builder, x: Value, scale: Value, bias: Value, epsilon = 1e-5): Value {
  return g.node('InstanceNormalization', [x, scale, bias], { epsilon: { float: epsilon } });
}

/**
 * x brought to mean 0 and variance 1 over all axes from `axis` on, times scale, plus bias, both of the shape of those
 * axes. **Source**: Ba, Kiros and Hinton 2016.
 */
export function layerNormalization(
  g: Builder,
  x: Value,
  scale: Value,
  bias: Value | null = null,
  { axis = -1, epsilon = 1e-5 }: { readonly axis?: number; readonly epsilon?: number } = {},
): Value {
  const inputs = bias ? [x, scale, bias] : [x, scale];
  return g.node('LayerNormalization', inputs, { axis, epsilon: { float: epsilon } });
}
