import type { DropMap } from './forward.ts';
import type { InverseMap } from './warp.ts';
import type { Size } from './units.ts';

/** Points of the source to which nothing of the crop comes nearer than this, in half images, fall nowhere. */
const near = 1e-6;

/**
 * Where the pixels of a source fall in the crop of a warp, for `mapForward`.
 *
 * **Convention**: pixel points, corner frame on both sides; `alignCorners` holds for both, as in sampling.
 */
export function dropMap(inverse: InverseMap, source: Size, crop: Size, alignCorners = false): DropMap {
  /* One pixel has no extent between centres: it lies at 0. */
  const extent = (size: number): number => (alignCorners ? size - 1 : size);
  const [perPixelX, perPixelY] = [extent(source.width), extent(source.height)].map((size) =>
    size === 0 ? 0 : 2 / size,
  );
  const [halfX, halfY] = [extent(crop.width) / 2, extent(crop.height) / 2];
  return (x, y) => {
    const found = inverse((x - source.width / 2) * perPixelX, (y - source.height / 2) * perPixelY);
    if (!(found.error <= near)) return undefined;
    return { x: found.x * halfX + crop.width / 2, y: found.y * halfY + crop.height / 2 };
  };
}
