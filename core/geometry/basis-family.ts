import { families } from './families.ts';
import type { ParameterInfo } from './family.ts';
import { pullBack, unitCentres } from './grid.ts';

/** Families with a basis of 3 rows (the plane alone), of 6 (with squares), and of 10 (with cubes). */
export type BasisName = 'basis3' | 'basis6' | 'basis10';

const rowsOf = { basis3: 3, basis6: 6, basis10: 10 } as const;

/** What the rows of a basis begin as: powers of x and y. */
export const powers: readonly (readonly [x: number, y: number])[] = [
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

/** The grid `[height, width, 2]` of parameters and any basis, in unit coordinates of the source, clamped to [-4, 4]. */
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
      grid[2 * i + axis] = pullBack(sum);
    }
  return grid;
}
