import type { Encoder } from '../../features/encoder.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { encode } from '../../graph/encode.ts';
import { add, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/compare.ts';
import { gather } from '../../graph/ops/indexing.ts';
import { concat, reshape, slice } from '../../graph/ops/movement.ts';
import { shapeOf } from '../../graph/ops/run-time-shape.ts';
import { resize } from '../../graph/ops/sample.ts';
import type { Builder } from '../../graph/rule.ts';
import { spliceModel } from '../../graph/splice.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { parameterConstants } from '../../stn/layers.ts';
import { cropNodes } from './export-crop.ts';
import { cellNodes } from './photos-describe.ts';
import { agreedBox, type BoxNet } from './photos-net.ts';
import { type Sight, sightNodes } from './photos-sight.ts';

const conventions =
  'pixels: [N,3,H,W] RGB 0..1, all sizes. theta: [N,2,3], crop to image in unit coordinates, -1 and 1 are the outer edges ' +
  '(align_corners = false). box: xmin, ymin, xmax, ymax in pixels, (0,0) is the top-left corner. crop: [N,3,64,64]. ' +
  'score: share of the confidence that agrees on the box, 0 to 1.';

/**
 * The learned network with its encoder as one model: pixels in, theta, crop, score and box out.
 *
 * **Throws** a GraphError when the encoder has an op that graphs do not know.
 */
export function exportBoxNet(
  encoder: Encoder,
  side: number,
  net: BoxNet,
  parameters: Readonly<Record<string, Tensor>>,
  sight: Sight,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const g = new GraphBuilder();
  const pixels = g.input('pixels', [1, 3, side, side], 'float32', { 0: 'n', 2: 'h', 3: 'w' });
  const square = resize(g, pixels, { sizes: [side, side], axes: [2, 3], antialias: true });
  const fed = normalised(g, square, encoder.normalisation);
  const encoded = spliceModel(g, encoder.model, { [encoder.inputName]: fed }, [encoder.outputName]);
  const seen = sightNodes(g, cellNodes(g, encoded[encoder.outputName], sight.measure), sight);
  const { edges, share } = agreedBox(g, net.apply(g, seen, parameterConstants(g, parameters)));
  const theta = thetaOf(g, edges);
  g.output('theta', theta, { 0: 'n' });
  g.output('crop', cropNodes(g, pixels, theta), { 0: 'n' });
  g.output('score', share, { 0: 'n' });
  g.output('box', pixelBox(g, pixels, edges), { 0: 'n' });
  return encode(g.build(), { metadata: { kind: 'localiser', version: '1', conventions, ...metadata } });
}

function normalised(g: Builder, rgb: Value, { scale, shift, order }: Encoder['normalisation']): Value {
  const ordered = order.every((from, c) => from === c) ? rgb : gather(g, rgb, order, 1);
  const scaled = mul(g, ordered, g.constant(Float32Array.from(scale), [1, 3, 1, 1]));
  return add(g, scaled, g.constant(Float32Array.from(shift), [1, 3, 1, 1]));
}

/** Attention transforms `[N, 2, 3]` of boxes with edges `[N, 4]` in unit coordinates. */
function thetaOf(g: Builder, edges: Value): Value {
  const low = slice(g, edges, { starts: [0], ends: [2], axes: [1] });
  const high = slice(g, edges, { starts: [2], ends: [4], axes: [1] });
  const half = mul(g, sub(g, high, low), 0.5);
  const centre = mul(g, add(g, high, low), 0.5);
  const zero = mul(g, gather(g, half, [0], 1), 0);
  const columns = [gather(g, half, [0], 1), zero, gather(g, centre, [0], 1), zero, gather(g, half, [1], 1)];
  return reshape(g, concat(g, [...columns, gather(g, centre, [1], 1)], 1), [0, 2, 3]);
}

/** Edges `[N, 4]` in unit coordinates as pixels of the images that came in. */
function pixelBox(g: Builder, pixels: Value, edges: Value): Value {
  const size = gather(g, cast(g, shapeOf(g, pixels), 'float32'), [3, 2, 3, 2], 0);
  return mul(g, mul(g, add(g, edges, 1), 0.5), reshape(g, size, [1, 4]));
}
