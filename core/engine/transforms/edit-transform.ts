import type { TransformEdit } from '../../contract/commands/transforms.ts';
import { CongealError } from '../../contract/errors.ts';
import { families, toMatrix } from '../../geometry/families.ts';
import { fitPins } from '../../geometry/fit.ts';
import { unitToPixel } from '../../geometry/frames.ts';
import { determinant, multiply, type Matrix3 } from '../../geometry/matrix.ts';
import type { Size } from '../../geometry/units.ts';
import type { Correction } from '../../store/corrections.ts';
import { centreSquare } from '../before.ts';
import type { EffectiveTransform } from './effective.ts';

const flipped: Matrix3 = [-1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The part of a correction that an edit of a transform sets. */
export type Corrected = Pick<Correction, 'canonicalToImage' | 'mirrored' | 'box' | 'pins'>;

/**
 * What a person's edit makes of a transform.
 *
 * **Throws** CongealError `usage` for a transform that collapses, for too many or too few parameters, for an empty box
 * and for pins that determine nothing.
 */
export function correctedBy(edit: TransformEdit, now: EffectiveTransform, image: Size): Corrected {
  if ('box' in edit) {
    const { xmin, ymin, xmax, ymax } = edit.box;
    if (!(xmax > xmin && ymax > ymin))
      throw new CongealError('usage', 'This box is empty: its right and lower edges come first.');
    return { canonicalToImage: null, mirrored: null, box: edit.box, pins: null };
  }
  if ('pins' in edit) {
    const pins = edit.pins.map(({ canonical: [x, y], image: [u, v] }) => ({
      canonical: { x, y },
      image: { x: u, y: v },
    }));
    return { ...posed(fitted(now.canonicalToImage ?? centreSquare(image), pins, edit.family)), pins };
  }
  if ('matrix' in edit) return { ...posed(mirroredAs(toMatrix3(edit.matrix), edit.mirrored)), pins: null };
  const family = families[edit.family];
  if (edit.parameters.length !== family.parameters.length)
    throw new CongealError(
      'usage',
      `The family ${edit.family} has ${family.parameters.length} parameters, found ${edit.parameters.length}.`,
    );
  const unit = toMatrix(family, edit.parameters, { ...image, canonicalAspect: 1 });
  const upright = multiply(unitToPixel(image.width, image.height), unit);
  return { ...posed((edit.mirrored ?? now.mirrored) ? multiply(upright, flipped) : upright), pins: null };
}

function fitted(base: Matrix3, pins: Parameters<typeof fitPins>[1], family: Parameters<typeof fitPins>[2]): Matrix3 {
  try {
    return fitPins(base, pins, family);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CongealError('usage', `No transform can be fitted to these pins: ${cause.message}`, { cause });
  }
}

function posed(matrix: Matrix3): Omit<Corrected, 'pins'> {
  const area = determinant(matrix);
  if (!matrix.every(Number.isFinite) || !(Math.abs(area) > 1e-9))
    throw new CongealError(
      'usage',
      'This transform collapses: it shows a line or a point instead of a part of the image.',
    );
  return { canonicalToImage: matrix, mirrored: area < 0, box: null };
}

function mirroredAs(matrix: Matrix3, mirrored: boolean | undefined): Matrix3 {
  return mirrored === undefined || mirrored === determinant(matrix) < 0 ? matrix : multiply(matrix, flipped);
}

function toMatrix3(values: readonly number[]): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = values;
  return [a, b, c, d, e, f, g, h, i];
}
