import type { Builder } from '../rule.ts';
import { sameShape } from '../tensor.ts';
import type { Value } from '../value.ts';
import { pad } from './padding.ts';
import type { Window } from './window.ts';

/** Whether a window's places lie side by side: none overlap, none are padded, none partly outside. */
export function tilesExactly({ kernel, strides, pads, dilations, ceil }: Window): boolean {
  return (
    sameShape(kernel, strides) && !ceil && pads.every((size) => size === 0) && dilations.every((step) => step === 1)
  );
}

/** Each element of y repeated over its tile, then zeros up to `shape`. Upsampling does it many times faster than broadcasting. */
export function repeatedTiles(g: Builder, y: Value, kernel: readonly number[], shape: readonly number[]): Value {
  const large = g.node('Resize', [y, null, g.constant(Float32Array.from(kernel))], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
    axes: kernel.map((_, i) => i + 2),
  });
  const rest = shape.map((size, axis) => size - large.shape[axis]);
  return rest.some((size) => size > 0) ? pad(g, large, { pads: [...rest.map(() => 0), ...rest] }) : large;
}
