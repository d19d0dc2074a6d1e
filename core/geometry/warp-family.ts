import { CongealError } from '../contract/errors.ts';
import { composeParameters, families, fromMatrix, invertParameters, meanParameters, toMatrix } from './families.ts';
import type { FamilyFrame, FamilyName, ParameterInfo } from './family.ts';
import { keepFromZero, unitCentres } from './grid.ts';
import { boundLattice, fromAffinePart } from './lattice-bounds.ts';
import { isLatticeName, latticeFamily, latticeWarp, type LatticeFamily, type LatticeName } from './lattice-family.ts';
import { invertLattice } from './lattice-inverse.ts';
import { chain, scale, translate } from './matrix.ts';
import type { Point } from './units.ts';

/** Every family of warps: those that are matrices, and those that move control points. */
export type WarpName = FamilyName | LatticeName;

/** A transform as a map of points: canonical coordinates in, unit coordinates of the source out. */
export type UnitMap = (x: number, y: number) => Point;

/** Parameters that stand for a transform, and by how much at most they miss it within the crop, in half images. */
export interface Approximation {
  readonly parameters: readonly number[];
  readonly error: number;
}

/** Where a transformer begins to look: a crop `scale` times that of the identity, its centre at unit point (x, y). */
export interface CropPlace {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/**
 * What all families of warps can do, whatever their parameters are.
 *
 * **Convention**: warps map the crop (canonical coordinates) to the source (unit coordinates). `compose` and `invert` act
 * in the family's own frame, as those of matrices do.
 */
export interface WarpFamily {
  readonly name: WarpName;
  readonly parameters: readonly ParameterInfo[];
  readonly identity: readonly number[];
  /** The map of points. */
  mapOf(parameters: readonly number[], frame: FamilyFrame): UnitMap;
  /** Parameters of a plain crop. **Throws** a CongealError where the family has no such member. */
  startAt(place: CropPlace, frame: FamilyFrame): readonly number[];
  /** Moves parameters to where the warp neither collapses, folds nor loses the image. */
  bound(parameters: readonly number[]): readonly number[];
  /** `first`, then `second`. Exact for matrices; control points of the composition otherwise. */
  compose(second: readonly number[], first: readonly number[]): Approximation;
  /** The way back. Exact for matrices; control points found by iteration otherwise. */
  invert(parameters: readonly number[]): Approximation;
  /** The mean: on the group for matrices, that of the control points otherwise. **Throws** a RangeError when there are none. */
  mean(all: readonly (readonly number[])[]): readonly number[];
}

/** A family of warps by name. **Throws** a CongealError for a name that no family has. */
export function warpFamily(name: string): WarpFamily {
  if (isLatticeName(name)) return latticeWarps(latticeFamily(name));
  if (isFamilyName(name)) return matrixWarps(name);
  throw new CongealError(
    'usage',
    `There is no transform family '${name}'; there are ${Object.keys(families).join(', ')}, tps9, tps16, tps25, piecewise9, piecewise16, piecewise25, and flow:COLUMNSxROWS such as flow:12x8.`,
  );
}

/** True for names of families whose members are matrices. */
export function isFamilyName(name: string): name is FamilyName {
  return Object.hasOwn(families, name);
}

/**
 * The sampling grid of a warp: where each of width x height target pixels comes from, `[height, width, 2]`, x before y, in
 * unit coordinates of the source; what `mapGrid` is for matrices.
 *
 * **Convention**: sample with the same `alignCorners`.
 */
export function warpGrid(map: UnitMap, width: number, height: number, alignCorners: boolean): Float32Array {
  const grid = new Float32Array(height * width * 2);
  const columns = unitCentres(width, alignCorners);
  let to = 0;
  for (const y of unitCentres(height, alignCorners))
    for (const x of columns) {
      const from = map(x, y);
      grid[to++] = from.x;
      grid[to++] = from.y;
    }
  return grid;
}

function matrixWarps(name: FamilyName): WarpFamily {
  const family = families[name];
  return {
    name,
    parameters: family.parameters,
    identity: family.identity,
    mapOf: (parameters, frame) => {
      const m = toMatrix(family, parameters, frame);
      return (x, y) => {
        const w = keepFromZero(m[6] * x + m[7] * y + m[8]);
        return { x: (m[0] * x + m[1] * y + m[2]) / w, y: (m[3] * x + m[4] * y + m[5]) / w };
      };
    },
    startAt: (place, frame) => {
      const wanted = chain(translate(place.x, place.y), scale(place.scale), toMatrix(family, family.identity, frame));
      const parameters = fromMatrix(family, wanted, frame);
      const found = toMatrix(family, parameters, frame);
      if (found.some((entry, i) => Math.abs(entry - wanted[i]) > 1e-9)) {
        throw new CongealError(
          'usage',
          `A transformer of the family '${name}' cannot start with scale ${place.scale} at (${place.x}, ${place.y}): it has the parameters ${family.parameters.map((p) => p.name).join(', ')} only. Leave out what it cannot do, or take another family.`,
        );
      }
      return parameters;
    },
    bound: (parameters) => family.bound(parameters),
    compose: (second, first) => ({ parameters: composeParameters(family, second, first), error: 0 }),
    invert: (parameters) => ({ parameters: invertParameters(family, parameters), error: 0 }),
    mean: (all) => meanParameters(family, all),
  };
}

/** Where approximations of warps are compared with what they stand for. */
const probes = unitCentres(17, true);

function latticeWarps(family: LatticeFamily): WarpFamily {
  const { identity, cardinals } = family;
  /** Control points where a map has them, and how far the warp through them is from the map elsewhere. */
  const through = (map: (p: Point) => Point): Approximation => {
    const parameters = cardinals.points.flatMap((p, k) => {
      const to = map(p);
      return [identity[2 * k] + to.x - p.x, identity[2 * k + 1] + to.y - p.y];
    });
    let error = 0;
    const warp = latticeWarp(family, parameters);
    for (const y of probes)
      for (const x of probes) {
        const [found, wanted] = [warp.point(x, y), map({ x, y })];
        error = Math.max(error, Math.hypot(found.x - wanted.x, found.y - wanted.y));
      }
    return { parameters, error };
  };
  return {
    name: family.name,
    parameters: family.parameters,
    identity,
    mapOf: (parameters) => {
      const warp = latticeWarp(family, parameters);
      return (x, y) => warp.point(x, y);
    },
    startAt: ({ scale: size, x, y }) =>
      fromAffinePart(
        family,
        [size, 0, x, 0, size, y],
        identity.map(() => 0),
      ),
    bound: (parameters) => boundLattice(family, parameters),
    compose: (second, first) => {
      const [after, before] = [latticeWarp(family, second), latticeWarp(family, first)];
      return through((p) => {
        const between = before.point(p.x, p.y);
        return after.point(between.x, between.y);
      });
    },
    invert: (parameters) => {
      const inverse = invertLattice(family, parameters);
      let missed = 0;
      const back = through(({ x, y }) => {
        const found = inverse(x, y);
        missed = Math.max(missed, found.error);
        return found;
      });
      return { parameters: back.parameters, error: back.error + missed };
    },
    mean: (all) => {
      if (all.length === 0) throw new RangeError('A mean transform needs at least one transform; none were given.');
      return identity.map((_, i) => all.reduce((sum, one) => sum + one[i], 0) / all.length);
    },
  };
}
