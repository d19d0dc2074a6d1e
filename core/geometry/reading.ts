import { toAspectFrame } from './families.ts';
import type { FamilyFrame } from './family.ts';
import { unitCentres } from './grid.ts';
import { linearParts } from './linear-part.ts';
import { applyPoint, jacobian, type Matrix3 } from './matrix.ts';
import { leastSquares } from './solve.ts';
import { degrees, radians, toDegrees, wrapAngle, type Degrees } from './units.ts';
import type { UnitMap } from './warp.ts';

/** A transform in words that a person can picture: how the canonical frame lies in the image. */
export interface Reading {
  /** Turn of the frame, clockwise on screen, in (-180, 180]. */
  readonly angle: Degrees;
  /** Size of the frame: 1 when the crop is as tall as the image (geometric mean of both directions). */
  readonly scale: number;
  /** How far the frame's centre lies from the image's centre, in pixels of the image; x right, y down. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** How far the angle between the frame's sides is from a right one. */
  readonly shear: Degrees;
  /** Longest over shortest enlargement, 1 or more; infinite for a collapsed transform. */
  readonly stretch: number;
  readonly mirrored: boolean;
}

/** A transform of any family in words: that of the affine map nearest to it, and how far it bends away from that. */
export interface WarpReading extends Reading {
  /** Largest distance from the affine map within the crop, in pixels of the image. */
  readonly bending: number;
}

const probes = [...unitCentres(9, true)];

/** Reads a map of points from the crop to the image: the affine map nearest to it at 9 x 9 places of the crop. */
export function readWarp(map: UnitMap, frame: FamilyFrame): WarpReading {
  const places = probes.flatMap((y) => probes.map((x) => ({ from: [x, y, 1], to: map(x, y) })));
  const rows = places.map(({ from }) => from);
  const [a, b, x] = leastSquares(
    rows,
    places.map(({ to }) => to.x),
  );
  const [c, d, y] = leastSquares(
    rows,
    places.map(({ to }) => to.y),
  );
  const bending = places.reduce((most, { from, to }) => {
    const [u, v] = [to.x - (a * from[0] + b * from[1] + x), to.y - (c * from[0] + d * from[1] + y)];
    return Math.max(most, Math.hypot((u * frame.width) / 2, (v * frame.height) / 2));
  }, 0);
  return { ...readTransform([a, b, x, c, d, y, 0, 0, 1], frame), bending };
}

/**
 * Reads a unit matrix (canonical to image) at the centre of the crop.
 *
 * **Convention**: angles are measured in pixels, not in unit coordinates; a mirrored transform is read as its x axis
 * flipped first.
 */
export function readTransform(matrix: Matrix3, frame: FamilyFrame): Reading {
  const own = toAspectFrame(matrix, frame);
  const [a0, b, c0, d] = jacobian(own, 0, 0);
  const mirrored = a0 * d - b * c0 < 0;
  const [a, c] = mirrored ? [-a0, -c0] : [a0, c0];
  const { large, small } = linearParts(a, b, c, d);
  const centre = applyPoint(matrix, 0, 0);
  const between = wrapAngle(Math.atan2(d, b) - Math.atan2(c, a));
  return {
    angle: toDegrees(wrapAngle(Math.atan2(c - b, a + d))),
    scale: Math.sqrt(Math.abs(large * small)),
    shiftX: (centre.x * frame.width) / 2,
    shiftY: (centre.y * frame.height) / 2,
    shear: degrees(90 - toDegrees(radians(between))),
    stretch: small === 0 ? Infinity : Math.abs(large / small),
    mirrored,
  };
}
