import type { Matrix3 } from '../../../geometry/matrix.ts';
import type { Random } from '../../../geometry/random.ts';
import type { PointMap } from '../../../geometry/warp-measure.ts';

/** Sides of a picture in pixels. */
export interface Sides {
  readonly width: number;
  readonly height: number;
}

/** Where each pixel of a distorted picture comes from: target pixel points to source pixel points, corner frame. */
type Warp = Matrix3 | PointMap;

/** A way to distort pictures at random. */
export interface Distortion {
  /** Sides of the distorted picture. */
  readonly sides: (source: Sides) => Sides;
  /** `strength`, 0 to 1: 0 leaves a picture as it is, in the middle; 1 distorts as was published. */
  readonly warp: (source: Sides, random: Random, strength: number) => Warp;
}
