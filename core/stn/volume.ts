import { unitCentres } from '../geometry/grid.ts';
import type { Padding } from './taps.ts';

/** Voxels in memory: planar `[C, D, H, W]`, slice by slice, row by row. */
export interface Volume<Data extends ArrayLike<number> = ArrayLike<number>> {
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Data;
}

/** The output lattice of a volume and how it is read. */
export interface VolumeSampling {
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  /** What ±1 means along each axis: outer faces (false) or centres of the corner voxels (true). */
  readonly alignCorners: boolean;
  /** Default `zeros`. */
  readonly padding?: Padding;
}

/**
 * Samples a volume under a 3 x 4 affine map (row-major), trilinear: `[C, D, H, W]` to `[C, depth, height, width]`.
 *
 * **Convention**: the map takes unit coordinates (x, y, z) of the target to those of the source; x runs along the width, z
 * along the depth. Far places are pulled back to 4 half sides, as grids of images are.
 */
export function sampleVolume(volume: Volume, affine: readonly number[], sampling: VolumeSampling): Float32Array {
  const { depth, height, width, alignCorners, padding = 'zeros' } = sampling;
  const out = new Float32Array(volume.channels * depth * height * width);
  const [xs, ys, zs] = [width, height, depth].map((count) => unitCentres(count, alignCorners));
  const sizes = [volume.width, volume.height, volume.depth];
  const plane = volume.depth * volume.height * volume.width;
  let to = 0;
  for (const z of zs)
    for (const y of ys)
      for (const x of xs) {
        const [columns, rows, slices] = [0, 1, 2].map((axis) => {
          const [a, b, c, d] = affine.slice(4 * axis, 4 * axis + 4);
          const unit = Math.min(4, Math.max(-4, a * x + b * y + c * z + d));
          return neighbours(unit, sizes[axis], alignCorners, padding);
        });
        for (let channel = 0; channel < volume.channels; channel++) {
          let sum = 0;
          for (const [k, ws] of slices)
            for (const [j, wr] of rows)
              for (const [i, wc] of columns)
                sum += ws * wr * wc * volume.data[channel * plane + (k * volume.height + j) * volume.width + i];
          out[channel * depth * height * width + to] = sum;
        }
        to++;
      }
  return out;
}

/** The voxels along one axis that a place lies between, with their weights; those outside are left out. */
function neighbours(
  unit: number,
  size: number,
  alignCorners: boolean,
  padding: Padding,
): readonly (readonly [index: number, weight: number])[] {
  const place = held(
    alignCorners ? ((unit + 1) * (size - 1)) / 2 : ((unit + 1) * size - 1) / 2,
    size,
    alignCorners,
    padding,
  );
  const low = Math.floor(place);
  const pairs = [
    [low, low + 1 - place],
    [low + 1, place - low],
  ] as const;
  return pairs.filter(([index]) => index >= 0 && index < size);
}

function held(place: number, size: number, alignCorners: boolean, padding: Padding): number {
  if (padding === 'zeros') return place;
  let at = place;
  const [low, span] = alignCorners ? [0, size - 1] : [-0.5, size];
  if (padding === 'reflection' && span > 0) {
    const away = Math.abs(at - low);
    const turns = Math.floor(away / span);
    const rest = away - turns * span;
    at = (turns % 2 === 0 ? rest : span - rest) + low;
  }
  return Math.min(size - 1, Math.max(0, at));
}
