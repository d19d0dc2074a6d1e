import fc from 'fast-check';
import { test } from 'vitest';
import { checkSlopes, checkValue } from './case-checks.ts';
import type { OpCase } from './op-case.ts';

/** Holds for every case drawn: right in ONNX Runtime, and its gradient right in float64. The seed is fixed. */
export function holds(name: string, cases: fc.Arbitrary<OpCase>, runs = 40): void {
  test(name, async () => {
    const check = fc.asyncProperty(cases, async (drawn) => {
      await checkValue(drawn);
      checkSlopes(drawn, 1e-7);
    });
    await fc.assert(check, { numRuns: runs, seed: 5 });
  });
}

/** Sizes of axes. */
export const size = fc.integer({ min: 1, max: 4 });

/** Shapes of so many axes. */
export const shape = (minLength: number, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(size, { minLength, maxLength });

/** Two whole numbers of a range. */
export const pairOf = (low: number, high: number): fc.Arbitrary<[number, number]> => {
  const number = fc.integer({ min: low, max: high });
  return fc.tuple(number, number);
};
