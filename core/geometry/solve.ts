/**
 * Solves a x = b for a square matrix given as rows, by elimination with partial pivoting.
 *
 * **Throws** a RangeError when the matrix is singular.
 */
export function solve(a: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const count = b.length;
  const rows = a.map((row, i) => [...row, b[i]]);
  const size = Math.max(...rows.flat().map(Math.abs));
  for (let column = 0; column < count; column++) {
    let pivot = column;
    for (let i = column + 1; i < count; i++) if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
    if (!(Math.abs(rows[pivot][column]) > 1e-12 * size))
      throw new RangeError('The equations do not determine all unknowns: some of them say the same.');
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let i = column + 1; i < count; i++) {
      const factor = rows[i][column] / rows[column][column];
      for (let j = column; j <= count; j++) rows[i][j] -= factor * rows[column][j];
    }
  }
  const x = Array<number>(count).fill(0);
  for (let i = count - 1; i >= 0; i--) {
    const known = x.reduce((sum, value, j) => (j > i ? sum + value * rows[i][j] : sum), 0);
    x[i] = (rows[i][count] - known) / rows[i][i];
  }
  return x;
}

/**
 * The x that makes the sum of squares of a x - b least, through the normal equations; rows of `a` are equations.
 *
 * **Throws** a RangeError when the equations do not determine it.
 */
export function leastSquares(a: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const unknowns = a[0].map((_, i) => i);
  const normal = unknowns.map((i) => unknowns.map((j) => a.reduce((sum, row) => sum + row[i] * row[j], 0)));
  return solve(
    normal,
    unknowns.map((i) => a.reduce((sum, row, n) => sum + row[i] * b[n], 0)),
  );
}
