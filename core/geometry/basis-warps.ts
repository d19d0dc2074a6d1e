import { powers, type BasisFamily } from './basis-family.ts';
import { families } from './families.ts';
import { fittedLaws } from './fitted-warps.ts';
import { unitCentres } from './grid.ts';
import { planeMapOf, type PlaneMap } from './invert-map.ts';
import { leastSquares } from './solve.ts';
import { largestSoundPart } from './sound-part.ts';
import type { Point } from './units.ts';
import { plainMean, type WarpFamily } from './warp.ts';

const places = unitCentres(9, true);
const probes: readonly Point[] = [...places].flatMap((y) => [...places].map((x) => ({ x, y })));

/** The family with the basis that it begins with, as a family of warps: polynomials. */
export function basisWarps(family: BasisFamily): WarpFamily {
  const { rows, identity } = family;
  const terms = powers.slice(0, rows);
  const planeMap = (m: readonly number[]): PlaneMap => {
    const read = (x: number, y: number, into: Float64Array): void => {
      into.fill(0);
      terms.forEach(([p, q], r) => {
        const value = x ** p * y ** q;
        const byX = p === 0 ? 0 : p * x ** (p - 1) * y ** q;
        const byY = q === 0 ? 0 : q * x ** p * y ** (q - 1);
        for (const axis of [0, 1] as const) {
          const factor = m[axis * rows + r];
          into[axis] += factor * value;
          into[2 + 2 * axis] += factor * byX;
          into[3 + 2 * axis] += factor * byY;
        }
      });
    };
    return planeMapOf(read);
  };
  return {
    name: family.name,
    parameters: family.parameters,
    identity,
    ...fittedLaws({
      planeMap,
      fit: (map) => {
        const described = probes.map(({ x, y }) => terms.map(([p, q]) => x ** p * y ** q));
        const images = probes.map(map);
        const fitted = (axis: 'x' | 'y'): readonly number[] =>
          leastSquares(
            described,
            images.map((image) => image[axis]),
          );
        return [...fitted('x'), ...fitted('y')];
      },
    }),
    mapOf: (parameters) => {
      const map = planeMap(parameters);
      return (x, y) => map.point(x, y);
    },
    startAt: ({ scale, x, y }) => identity.map((value, i) => value * scale + (i === 2 ? x : i === rows + 2 ? y : 0)),
    bound: (m, frame) => {
      const flat = families.affine.bound([...m.slice(0, 3), ...m.slice(rows, rows + 3)], frame);
      const limited = m.map((_, i) => (i % rows < 3 ? flat[3 * Math.floor(i / rows) + (i % rows)] : m[i]));
      return boundBending(limited, rows, planeMap);
    },
    mean: plainMean,
  };
}

/** Takes as much of the bending as leaves the Jacobian's determinant above a tenth of the affine part's, over the crop. */
function boundBending(
  m: readonly number[],
  rows: number,
  planeMap: (m: readonly number[]) => PlaneMap,
): readonly number[] {
  const bent = (part: number): readonly number[] => m.map((value, i) => (i % rows < 3 ? value : part * value));
  const straight = m[0] * m[rows + 1] - m[1] * m[rows];
  const sound = (candidate: readonly number[]): boolean => {
    const map = planeMap(candidate);
    return probes.every(({ x, y }) => {
      const [a, b, c, d] = map.jacobian(x, y);
      return Math.sign(straight) * (a * d - b * c) >= 0.1 * Math.abs(straight) * (1 - 1e-9);
    });
  };
  return bent(largestSoundPart((part) => sound(bent(part))));
}
