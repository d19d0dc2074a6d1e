import type { FamilyFrame, FamilyName, ParameterInfo } from './family.ts';
import type { BasisName } from './basis-family.ts';
import type { LatticeName } from './lattice-family.ts';
import type { FoundPoint } from './invert-map.ts';
import type { Point } from './units.ts';

/** Every family of warps: those that are matrices, those that move control points, those that are linear in a basis. */
export type WarpName = FamilyName | LatticeName | BasisName;

/** A transform as a map of points: canonical coordinates in, unit coordinates of the source out. */
export type UnitMap = (x: number, y: number) => Point;

/** The way back: unit coordinates of the source in, canonical coordinates out, and how near the search came. */
export type InverseMap = (x: number, y: number) => FoundPoint;

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
  /** Its inverse, point by point. **Throws** a RangeError for a collapsed matrix. */
  inverseOf(parameters: readonly number[], frame: FamilyFrame): InverseMap;
  /** Parameters of a plain crop. **Throws** a CongealError where the family has no such member. */
  startAt(place: CropPlace, frame: FamilyFrame): readonly number[];
  /** Moves parameters to where the warp neither collapses, folds nor loses the image. */
  bound(parameters: readonly number[], frame: FamilyFrame): readonly number[];
  /**
   * `first`, then `second`. Exact for matrices; the nearest that was found otherwise. **Throws** a RangeError where the
   * family cannot write the result: a projective map that sends the centre of the crop to infinity.
   */
  compose(second: readonly number[], first: readonly number[]): Approximation;
  /**
   * The way back. Exact for matrices; the nearest that was found otherwise. **Throws** a RangeError for a collapsed matrix,
   * and where the family cannot write the inverse.
   */
  invert(parameters: readonly number[]): Approximation;
  /** The mean: on the group for matrices, that of the parameters otherwise. **Throws** a RangeError when there are none. */
  mean(all: readonly (readonly number[])[]): readonly number[];
}

/** The mean of parameters that are places or factors. **Throws** a RangeError when there are none. */
export function plainMean(all: readonly (readonly number[])[]): readonly number[] {
  if (all.length === 0) throw new RangeError('A mean transform needs at least one transform; none were given.');
  return all[0].map((_, i) => all.reduce((sum, one) => sum + one[i], 0) / all.length);
}
