import { unitCentres } from './grid.ts';
import { latticeMap, type LatticeFamily } from './lattice-family.ts';
import { boundLinear } from './linear-part.ts';
import { leastSquares } from './solve.ts';
import { largestSoundPart } from './sound-part.ts';

/** Places at which a warp is asked whether it folds: fine enough for 5 x 5 control points. */
const places = unitCentres(17, true);

/** The affine map nearest to a warp's control points, [xx, xy, x, yx, yy, y], and what remains of each parameter. */
function affinePart(
  { identity, cardinals }: LatticeFamily,
  parameters: readonly number[],
): { readonly affine: readonly number[]; readonly rest: readonly number[] } {
  const { points } = cardinals;
  const targets = points.map(({ x, y }, k) => [
    x + parameters[2 * k] - identity[2 * k],
    y + parameters[2 * k + 1] - identity[2 * k + 1],
  ]);
  const rows = points.map(({ x, y }) => [x, y, 1]);
  const fit = (axis: 0 | 1): readonly number[] =>
    points.length < 3 || isFlat(points)
      ? [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, mean(targets.map((t, k) => t[axis] - rows[k][axis]))]
      : leastSquares(
          rows,
          targets.map((t) => t[axis]),
        );
  const [a, b, x] = fit(0);
  const [c, d, y] = fit(1);
  const rest = points.flatMap((p, k) => [
    targets[k][0] - (a * p.x + b * p.y + x),
    targets[k][1] - (c * p.x + d * p.y + y),
  ]);
  return { affine: [a, b, x, c, d, y], rest };
}

/** Parameters of the warp that an affine map is, plus `part` of what remains. */
export function fromAffinePart(
  { identity, cardinals }: LatticeFamily,
  [a, b, x, c, d, y]: readonly number[],
  rest: readonly number[],
  part = 1,
): readonly number[] {
  return cardinals.points.flatMap((p, k) => [
    identity[2 * k] + (a - 1) * p.x + b * p.y + x + part * rest[2 * k],
    identity[2 * k + 1] + c * p.x + (d - 1) * p.y + y + part * rest[2 * k + 1],
  ]);
}

/**
 * Moves parameters to where the warp neither collapses nor folds: its affine part as the affine family is bounded, and of
 * the bending as much as leaves the Jacobian's determinant above a tenth of the affine part's, all over the crop.
 */
export function boundLattice(family: LatticeFamily, parameters: readonly number[]): readonly number[] {
  const limited = parameters.map((value, i) =>
    Math.min(family.parameters[i].high, Math.max(family.parameters[i].low, value)),
  );
  const { affine, rest } = affinePart(family, limited);
  const [a, b, c, d] = boundLinear(affine[0], affine[1], affine[3], affine[4], 1 / 8, 8);
  const clamp = (value: number): number => Math.min(2, Math.max(-2, value));
  const bounded = [a, b, clamp(affine[2]), c, d, clamp(affine[5])];
  const unchanged = bounded.every((value, i) => value === affine[i]);
  const least = 0.1 * Math.abs(a * d - b * c);
  const facing = Math.sign(a * d - b * c);
  const sound = (candidate: readonly number[]): boolean => {
    const warp = latticeMap(family, candidate);
    return places.every((y) =>
      places.every((x) => {
        const [p, q, r, s] = warp.jacobian(x, y);
        return facing * (p * s - q * r) >= least * (1 - 1e-9);
      }),
    );
  };
  if (unchanged && sound(limited)) return limited;
  const bent = (part: number): readonly number[] => fromAffinePart(family, bounded, rest, part);
  return bent(largestSoundPart((part) => sound(bent(part))));
}

function isFlat(points: readonly { readonly x: number; readonly y: number }[]): boolean {
  return points.every(({ x }) => x === points[0].x) || points.every(({ y }) => y === points[0].y);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
