import { toAspectFrame } from './families.ts';
import type { FamilyFrame } from './family.ts';
import { linearParts } from './linear-part.ts';
import { applyPoint, jacobian, type Matrix3 } from './matrix.ts';
import { degrees, radians, toDegrees, wrapAngle, type Degrees } from './units.ts';

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
