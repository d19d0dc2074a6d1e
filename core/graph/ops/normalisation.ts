import type { OpName } from '../op-name.ts';
import { type Builder, float, inputOf, type OpRule, required } from '../rule.ts';
import type { Value } from '../value.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { sqrt } from './elementwise.ts';
import { reshape } from './movement.ts';
import { reduceSum } from './reduce.ts';

/** Normalisation with fixed statistics; statistics of the batch at hand are built from reductions instead. */
export const normalisationRules = {
  BatchNormalization: {
    infer: (call) => [{ shape: required(call, 0).shape, dtype: required(call, 0).dtype }],
    gradient: (g, node, dy, wanted) => {
      const channel = (index: number): Value => {
        const found = inputOf(node, index);
        return reshape(
          g,
          found,
          dy.shape.map((size, axis) => (axis === 1 ? size : 1)),
        );
      };
      const deviation = sqrt(g, add(g, channel(4), float(node.attributes, 'epsilon', 1e-5)));
      const others = dy.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
      const total = (of: Value): Value => reduceSum(g, of, { axes: others });
      const centred = (): Value => div(g, sub(g, inputOf(node, 0), channel(3)), deviation);
      return [
        wanted[0] ? mul(g, dy, div(g, channel(1), deviation)) : null,
        wanted[1] ? total(mul(g, dy, centred())) : null,
        wanted[2] ? total(dy) : null,
        null,
        null,
      ];
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
