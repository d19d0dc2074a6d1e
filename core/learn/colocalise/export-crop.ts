import { add, div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/compare.ts';
import { gather } from '../../graph/ops/indexing.ts';
import { reshape } from '../../graph/ops/movement.ts';
import { shapeOf } from '../../graph/ops/run-time-shape.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import { gridNodes } from '../../stn/grid-nodes.ts';
import { sampleNodes } from '../../stn/sampler-nodes.ts';
import { thickPixels } from './thick-pixels.ts';

/** Side in pixels of the crops that a localiser hands out. */
const cropSide = 64;
/** Longer side in pixels of the copies that crops are read from. */
const sourceSide = 256;

/** Adds the crops `[N, 3, 64, 64]` that `theta` `[N, 2, 3]` (to unit coordinates) reads from images `[N, 3, H, W]` of any size. */
export function cropNodes(g: Builder, pixels: Value, theta: Value): Value {
  const thick = thickPixels(g, pixels);
  const reduced = g.node('Resize', [thick, null, null, g.constant([sourceSide, sourceSide], [2], 'int64')], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
    antialias: 1,
    axes: [2, 3],
    keep_aspect_ratio_policy: 'not_larger',
  });
  const sides = (of: Value): Value => gather(g, cast(g, shapeOf(g, of), 'float32'), [3, 2], 0);
  /* What the image takes of each axis: all, but of a thin one. Its unit coordinates begin at -1 too. */
  const share = reshape(g, div(g, sides(pixels), sides(thick)), [1, 2, 1]);
  const shift = mul(g, sub(g, share, 1), g.constant([0, 0, 1], [1, 1, 3]));
  const sampling = { width: cropSide, height: cropSide, alignCorners: false, padding: 'border' } as const;
  return sampleNodes(g, reduced, gridNodes(g, add(g, mul(g, theta, share), shift), sampling));
}
