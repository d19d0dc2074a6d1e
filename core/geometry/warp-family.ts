import { CongealError } from '../contract/errors.ts';
import { basisFamily, isBasisName } from './basis-family.ts';
import { basisWarps } from './basis-warps.ts';
import { families } from './families.ts';
import type { FamilyName } from './family.ts';
import { pullBack, unitCentres } from './grid.ts';
import { isLatticeName, latticeFamily } from './lattice-family.ts';
import { latticeWarps } from './lattice-warps.ts';
import { matrixWarps } from './matrix-warps.ts';
import type { UnitMap, WarpFamily } from './warp.ts';

/** A family of warps by name. **Throws** a CongealError for a name that no family has. */
export function warpFamily(name: string): WarpFamily {
  if (isLatticeName(name)) return latticeWarps(latticeFamily(name));
  if (isBasisName(name)) return basisWarps(basisFamily(name));
  if (isFamilyName(name)) return matrixWarps(name);
  throw new CongealError(
    'usage',
    `There is no transform family '${name}'; there are ${Object.keys(families).join(', ')}, tps9, tps16, tps25, piecewise9, piecewise16, piecewise25, basis3, basis6, basis10, and flow:COLUMNSxROWS such as flow:12x8.`,
  );
}

/** True for names of families whose members are matrices. */
export function isFamilyName(name: string): name is FamilyName {
  return Object.hasOwn(families, name);
}

/**
 * Checks that a family has as many parameters as were given, and that they are numbers.
 *
 * **Throws** a CongealError that names them all.
 */
export function checkParameters({ name, parameters }: WarpFamily, given: readonly number[]): void {
  const bad = given.findIndex((value) => !Number.isFinite(value));
  const names = parameters.map((parameter) => `${parameter.name} (${parameter.unit})`);
  const listed = names.length > 12 ? `${names.slice(0, 4).join(', ')} and so on, row by row` : names.join(', ');
  if (given.length !== parameters.length)
    throw new CongealError(
      'usage',
      `The family '${name}' has ${parameters.length} parameters: ${listed}. ${given.length} were given.`,
    );
  if (bad >= 0)
    throw new CongealError(
      'usage',
      `Parameter ${bad + 1} of '${name}' (${names[bad]}) is ${given[bad]}, not a number.`,
    );
}

/**
 * The sampling grid of a warp: where each of width x height target pixels comes from, `[height, width, 2]`, x before y, in
 * unit coordinates of the source; what `mapGrid` is for matrices.
 *
 * **Convention**: sample with the same `alignCorners`. Coordinates are clamped to [-4, 4].
 */
export function warpGrid(map: UnitMap, width: number, height: number, alignCorners: boolean): Float32Array {
  const grid = new Float32Array(height * width * 2);
  const columns = unitCentres(width, alignCorners);
  let to = 0;
  for (const y of unitCentres(height, alignCorners))
    for (const x of columns) {
      const from = map(x, y);
      grid[to++] = pullBack(from.x);
      grid[to++] = pullBack(from.y);
    }
  return grid;
}
