import { keepFromZero, leastW } from './horizon.ts';
import type { Matrix3 } from './matrix.ts';

/** Coordinates beyond this many half images from the centre are pulled back before sampling. */
export const farthestUnit = 4;

/** Pulls a unit coordinate into [-4, 4], as every grid does, in plain TypeScript and as graph nodes. */
export function pullBack(coordinate: number): number {
  return Math.min(farthestUnit, Math.max(-farthestUnit, coordinate));
}

/**
 * The unit coordinates of `count` pixel centres along one side.
 *
 * **Convention**: without `alignCorners` (2 i + 1) / count - 1; with it 2 i / (count - 1) - 1, and 0 for a single pixel.
 */
export function unitCentres(count: number, alignCorners: boolean): Float64Array {
  const places = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    places[i] = alignCorners ? (count === 1 ? 0 : (2 * i) / (count - 1) - 1) : (2 * i + 1) / count - 1;
  }
  return places;
}

/** The regular grid of target points `[height, width, 2]`, x before y, in canonical coordinates. */
export function regularGrid(width: number, height: number, alignCorners: boolean): Float32Array {
  return mapGrid([1, 0, 0, 0, 1, 0, 0, 0, 1], width, height, alignCorners);
}

/**
 * The sampling grid of a transform: where each of width x height target pixels comes from, `[height, width, 2]`, x before
 * y, in unit coordinates of the source.
 *
 * **Convention**: theta maps target to source; sample with the same `alignCorners`. w is kept away from 0,
 * coordinates are clamped to [-4, 4].
 */
export function mapGrid(theta: Matrix3, width: number, height: number, alignCorners: boolean): Float32Array {
  const grid = new Float32Array(height * width * 2);
  const columns = unitCentres(width, alignCorners);
  const rows = unitCentres(height, alignCorners);
  const least = leastW(theta);
  let to = 0;
  for (const y of rows) {
    for (const x of columns) {
      const w = keepFromZero(theta[6] * x + theta[7] * y + theta[8], least);
      grid[to++] = pullBack((theta[0] * x + theta[1] * y + theta[2]) / w);
      grid[to++] = pullBack((theta[3] * x + theta[4] * y + theta[5]) / w);
    }
  }
  return grid;
}
