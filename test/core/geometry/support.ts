import fc from 'fast-check';
import { expect } from 'vitest';

/* The same cases on every machine. */
fc.configureGlobal({ seed: 20150605 });

/** Numbers between two limits, none of them special. */
export function real(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
}

/** Expects two lists to agree entry by entry, relative to 1 or to the entry where that is larger. */
export function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    const error = Math.abs(value - expected[i]) / Math.max(1, Math.abs(expected[i]));
    if (!(error <= tolerance)) {
      expect.fail(`entry ${i}: ${value} is not within ${tolerance} of ${expected[i]}: [${found.join(', ')}]`);
    }
  });
}
