import type { Matrix3 } from '../../geometry/matrix.ts';

/** The families of warps that joint alignment can end with, from stiff to free. */
export type AlignFamily = 'translation' | 'rotation' | 'similarity' | 'affine' | 'projective';

/** A 3 x 3 matrix of the Lie algebra, row-major. */
type Generator = readonly number[];

const translateX: Generator = [0, 0, 1, 0, 0, 0, 0, 0, 0];
const translateY: Generator = [0, 0, 0, 0, 0, 1, 0, 0, 0];
const rotate: Generator = [0, -1, 0, 1, 0, 0, 0, 0, 0];
const scale: Generator = [1, 0, 0, 0, 1, 0, 0, 0, 0];
const stretch: Generator = [1, 0, 0, 0, -1, 0, 0, 0, 0];
const shear: Generator = [0, 1, 0, 1, 0, 0, 0, 0, 0];
const tiltX: Generator = [0, 0, 0, 0, 0, 0, 1, 0, 0];
const tiltY: Generator = [0, 0, 0, 0, 0, 0, 0, 1, 0];

const table: Record<AlignFamily, readonly Generator[]> = {
  translation: [translateX, translateY],
  rotation: [translateX, translateY, rotate],
  similarity: [translateX, translateY, rotate, scale],
  affine: [translateX, translateY, rotate, scale, stretch, shear],
  projective: [translateX, translateY, rotate, scale, stretch, shear, tiltX, tiltY],
};

/**
 * How fast each cell centre of a `size` x `size` lattice over [-1, 1]^2 moves per unit of each parameter.
 *
 * Returns `[parameters, 2, size * size]`. **Convention**: v = (G p)_xy - p (G p)_z, align_corners = false.
 */
export function cellVelocities(family: AlignFamily, size: number): Float64Array {
  const generators = table[family];
  const cells = size * size;
  const velocities = new Float64Array(generators.length * 2 * cells);
  generators.forEach((g, k) => {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const x = ((column + 0.5) / size) * 2 - 1;
        const y = ((row + 0.5) / size) * 2 - 1;
        const w = g[6] * x + g[7] * y + g[8];
        const cell = row * size + column;
        velocities[k * 2 * cells + cell] = g[0] * x + g[1] * y + g[2] - x * w;
        velocities[(k * 2 + 1) * cells + cell] = g[3] * x + g[4] * y + g[5] - y * w;
      }
    }
  });
  return velocities;
}

/** The algebra of a family: one 3 x 3 matrix per parameter, row-major, `[parameters, 9]`. */
export function algebraOf(family: AlignFamily): readonly number[] {
  return table[family].flat();
}

/** The warp that the algebra's parameters generate: the matrix exponential of sum d_k G_k. */
export function warpOf(family: AlignFamily, parameters: ArrayLike<number>): Matrix3 {
  const sum = new Float64Array(9);
  table[family].forEach((g, k) => g.forEach((value, i) => (sum[i] += parameters[k] * value)));
  return exponential(sum);
}

/** Matrix exponential by scaling, a Taylor series and squaring; exact to double precision for norms below 50. */
function exponential(matrix: Float64Array): Matrix3 {
  const norm = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const squarings = norm > 0.25 ? Math.ceil(Math.log2(norm / 0.25)) : 0;
  const a = matrix.map((value) => value / 2 ** squarings);
  let term = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  let sum = term.slice();
  for (let n = 1; n <= 12; n++) {
    term = product(term, a).map((value) => value / n);
    sum = sum.map((value, i) => value + term[i]);
  }
  for (let i = 0; i < squarings; i++) sum = product(sum, sum);
  return [sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum[8]];
}

function product(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const c = new Float64Array(9);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) c[i * 3 + j] = a[i * 3] * b[j] + a[i * 3 + 1] * b[3 + j] + a[i * 3 + 2] * b[6 + j];
  return c;
}
