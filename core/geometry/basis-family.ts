import { families } from './families.ts';
import type { ParameterInfo } from './family.ts';
import { fittedLaws } from './fitted-warps.ts';
import { unitCentres } from './grid.ts';
import type { PlaneMap } from './invert-map.ts';
import { leastSquares } from './solve.ts';
import type { Point } from './units.ts';
import { plainMean, type WarpFamily } from './warp.ts';

/** Families with a basis of 3 rows (the plane alone), of 6 (with squares), and of 10 (with cubes). */
export type BasisName = 'basis3' | 'basis6' | 'basis10';

const rowsOf = { basis3: 3, basis6: 6, basis10: 10 } as const;

const powers: readonly (readonly [x: number, y: number])[] = [
  ...([
    [1, 0],
    [0, 1],
    [0, 0],
  ] as const),
  ...([
    [2, 0],
    [1, 1],
    [0, 2],
  ] as const),
  ...([
    [3, 0],
    [2, 1],
    [1, 2],
    [0, 3],
  ] as const),
];

/**
 * A family of warps that are linear in their parameters: grid = M B. B `[rows, height * width]` is what every pixel of the
 * crop is described by, fixed or learned; M `[2, rows]`, row-major, are the parameters.
 *
 * **Source**: M. Jaderberg et al., "Spatial Transformer Networks", 2015, section 3.2.
 */
export interface BasisFamily {
  readonly name: BasisName;
  readonly rows: number;
  readonly parameters: readonly ParameterInfo[];
  readonly identity: readonly number[];
}

/** True for names of families with a basis. */
export function isBasisName(name: string): name is BasisName {
  return Object.hasOwn(rowsOf, name);
}

/** The family of a name; `basis3` is the affine family, parameter by parameter, until its basis is learned. */
export function basisFamily(name: BasisName): BasisFamily {
  const rows = rowsOf[name];
  const affine = families.affine.parameters;
  const terms = powers.slice(3, rows).map(([x, y]) => `${'x'.repeat(x)}${'y'.repeat(y)}`);
  const parameters = (['x', 'y'] as const).flatMap((axis, i) => [
    ...affine.slice(3 * i, 3 * i + 3),
    ...terms.map((term): ParameterInfo => ({ name: `${axis} of ${term}`, unit: 'factor', low: -0.5, high: 0.5 })),
  ]);
  const row = (axis: number): readonly number[] => Array.from({ length: rows }, (_, i) => (i === axis ? 1 : 0));
  return { name, rows, parameters, identity: [...row(0), ...row(1)] };
}

/** The basis to begin with, `[rows, height * width]`: x, y, 1 and their products at every pixel of the crop. */
export function startingBasis(
  { rows }: BasisFamily,
  width: number,
  height: number,
  alignCorners: boolean,
): Float32Array {
  const [columns, lines] = [unitCentres(width, alignCorners), unitCentres(height, alignCorners)];
  const basis = new Float32Array(rows * height * width);
  let to = 0;
  for (const [p, q] of powers.slice(0, rows))
    for (const y of lines) for (const x of columns) basis[to++] = x ** p * y ** q;
  return basis;
}

/** The grid `[height, width, 2]` of parameters and any basis, in unit coordinates of the source. */
export function basisGrid(
  { rows }: BasisFamily,
  parameters: readonly number[],
  basis: ArrayLike<number>,
): Float32Array {
  const count = basis.length / rows;
  const grid = new Float32Array(2 * count);
  for (let i = 0; i < count; i++)
    for (const axis of [0, 1] as const) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += parameters[axis * rows + r] * basis[r * count + i];
      grid[2 * i + axis] = sum;
    }
  return grid;
}

const places = unitCentres(9, true);
const probes: readonly Point[] = [...places].flatMap((y) => [...places].map((x) => ({ x, y })));

/** The family with the basis that it begins with, as a family of warps: polynomials. */
export function basisWarps(family: BasisFamily): WarpFamily {
  const { rows, identity } = family;
  const terms = powers.slice(0, rows);
  const planeMap = (m: readonly number[]): PlaneMap => ({
    point: (x, y) => {
      let [u, v] = [0, 0];
      terms.forEach(([p, q], r) => {
        const value = x ** p * y ** q;
        u += m[r] * value;
        v += m[rows + r] * value;
      });
      return { x: u, y: v };
    },
    jacobian: (x, y) => {
      let [a, b, c, d] = [0, 0, 0, 0];
      terms.forEach(([p, q], r) => {
        const byX = p === 0 ? 0 : p * x ** (p - 1) * y ** q;
        const byY = q === 0 ? 0 : q * x ** p * y ** (q - 1);
        a += m[r] * byX;
        b += m[r] * byY;
        c += m[rows + r] * byX;
        d += m[rows + r] * byY;
      });
      return [a, b, c, d];
    },
  });
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
    bound: (m) => {
      const flat = families.affine.bound([...m.slice(0, 3), ...m.slice(rows, rows + 3)]);
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
  if (sound(m)) return m;
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (sound(bent(middle))) low = middle;
    else high = middle;
  }
  return bent(low);
}
