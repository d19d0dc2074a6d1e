import { div, max, min, mul, sub, add } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/compare.ts';
import { gather } from '../../graph/ops/indexing.ts';
import { concat, reshape } from '../../graph/ops/movement.ts';
import { shapeOf } from '../../graph/ops/run-time-shape.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import { cropNodes } from './export-crop.ts';
import { workSide } from './work-maps.ts';

/** Where a model found the object, in work pixels: each `[N, 1]`. */
export interface PlacedSquares {
  readonly x: Value;
  readonly y: Value;
  readonly half: Value;
}

/**
 * Adds what a localiser says besides its score: `theta` `[N, 2, 3]` (crop to unit coordinates of the image), the box
 * `[N, 4]` in pixels of the image, clipped to it, and the crop `[N, 3, 64, 64]`.
 */
export function frameNodes(
  g: Builder,
  pixels: Value,
  { x, y, half }: PlacedSquares,
): { readonly theta: Value; readonly box: Value; readonly crop: Value } {
  const shape = cast(g, shapeOf(g, pixels), 'float32');
  const [height, width] = [gather(g, shape, 2, 0), gather(g, shape, 3, 0)];
  const perWork = div(g, max(g, height, width), workSide);
  const [perUnitX, perUnitY] = [div(g, mul(g, perWork, 2), width), div(g, mul(g, perWork, 2), height)];
  const zero = mul(g, x, 0);
  const entries = [
    mul(g, half, perUnitX),
    zero,
    sub(g, mul(g, x, perUnitX), 1),
    zero,
    mul(g, half, perUnitY),
    sub(g, mul(g, y, perUnitY), 1),
  ];
  const theta = reshape(g, concat(g, entries, 1), [0, 2, 3]);
  const within = (value: Value, size: Value): Value => min(g, max(g, mul(g, value, perWork), 0), size);
  const box = concat(
    g,
    [
      within(sub(g, x, half), width),
      within(sub(g, y, half), height),
      within(add(g, x, half), width),
      within(add(g, y, half), height),
    ],
    1,
  );
  return { theta, box, crop: cropNodes(g, pixels, theta) };
}
