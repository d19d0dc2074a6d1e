import { conv } from '../graph/ops/convolution.ts';
import { normalise } from '../graph/ops/loss.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';

/**
 * Projects raw maps `[N, C, h, w]` with their context and brings each cell to unit length: `[N, components, h, w]`.
 *
 * `weights` `[components, C, kernel, kernel]` and `bias` `[components]` are inputs or constants of the graph.
 */
export function projectionNodes(g: Builder, raw: Value, weights: Value, bias: Value, dilation: number): Value {
  const reach = ((weights.shape[2] - 1) / 2) * dilation;
  const projected = conv(g, raw, weights, bias, {
    dilations: [dilation, dilation],
    pads: [reach, reach, reach, reach],
  });
  return normalise(g, projected, 1, 1e-8);
}
