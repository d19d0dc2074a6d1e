import { createRandom } from '../../core/geometry/random.ts';
import { GraphBuilder } from '../../core/graph/builder.ts';
import { encode } from '../../core/graph/encode.ts';
import { conv } from '../../core/graph/ops/convolution.ts';
import { relu } from '../../core/graph/ops/elementwise.ts';

/** A random encoder of stride 8 at a fixed size of 128 pixels. */
export function tinyEncoder(): Uint8Array {
  const random = createRandom(9);
  const weights = (count: number, inputs: number): Float32Array =>
    Float32Array.from({ length: count }, () => random.normal() / Math.sqrt(inputs));
  const g = new GraphBuilder();
  const pixels = g.input('pixels', [1, 3, 128, 128], 'float32', { 0: 'n' });
  const first = conv(g, pixels, g.constant(weights(24 * 3 * 64, 192), [24, 3, 8, 8]), null, { strides: [8, 8] });
  const second = conv(g, relu(g, first), g.constant(weights(24 * 24 * 9, 216), [24, 24, 3, 3]), null, {
    pads: [1, 1, 1, 1],
  });
  g.output('maps', second, { 0: 'n' });
  return encode(g.build());
}
