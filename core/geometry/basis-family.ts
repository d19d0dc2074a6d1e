import { families } from './families.ts';
import type { ParameterInfo } from './family.ts';
import { unitCentres } from './grid.ts';

/** How many rows a basis has: the plane alone, with squares, or with cubes too. */
export type BasisRows = 3 | 6 | 10;

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
  readonly rows: BasisRows;
  readonly parameters: readonly ParameterInfo[];
  readonly identity: readonly number[];
  /** The basis to begin with, `[rows, height * width]`: x, y, 1 and their products, for the affine and polynomial warps. */
  basisOf(width: number, height: number, alignCorners: boolean): Float32Array;
  /** The grid `[height, width, 2]` of parameters and a basis, in unit coordinates of the source. */
  grid(parameters: readonly number[], basis: ArrayLike<number>): Float32Array;
  /** Bounds the affine part as the affine family does, and what bends to ±0.5. */
  bound(parameters: readonly number[]): readonly number[];
}

/** The family whose basis has so many rows; with 3 it begins as the affine family, parameter by parameter. */
export function basisFamily(rows: BasisRows): BasisFamily {
  const affine = families.affine.parameters;
  const terms = powers.slice(3, rows).map(([x, y]) => `${'x'.repeat(x)}${'y'.repeat(y)}`);
  const parameters = (['x', 'y'] as const).flatMap((axis, i) => [
    ...affine.slice(3 * i, 3 * i + 3),
    ...terms.map((term): ParameterInfo => ({ name: `${axis} of ${term}`, unit: 'factor', low: -0.5, high: 0.5 })),
  ]);
  const row = (axis: number): readonly number[] => Array.from({ length: rows }, (_, i) => (i === axis ? 1 : 0));
  return {
    rows,
    parameters,
    identity: [...row(0), ...row(1)],
    basisOf: (width, height, alignCorners) => {
      const [columns, lines] = [unitCentres(width, alignCorners), unitCentres(height, alignCorners)];
      const basis = new Float32Array(rows * height * width);
      let to = 0;
      for (const [p, q] of powers.slice(0, rows))
        for (const y of lines) for (const x of columns) basis[to++] = x ** p * y ** q;
      return basis;
    },
    grid: (m, basis) => {
      const count = basis.length / rows;
      const grid = new Float32Array(2 * count);
      for (let i = 0; i < count; i++)
        for (const axis of [0, 1] as const) {
          let sum = 0;
          for (let r = 0; r < rows; r++) sum += m[axis * rows + r] * basis[r * count + i];
          grid[2 * i + axis] = sum;
        }
      return grid;
    },
    bound: (m) => {
      const flat = families.affine.bound([...m.slice(0, 3), ...m.slice(rows, rows + 3)]);
      return m.map((value, i) => {
        const [axis, r] = [Math.floor(i / rows), i % rows];
        return r < 3 ? flat[3 * axis + r] : Math.min(0.5, Math.max(-0.5, value));
      });
    },
  };
}
