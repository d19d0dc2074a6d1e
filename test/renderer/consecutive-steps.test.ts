import { describe, expect, it } from 'vitest';
import { consecutiveSteps } from '../../renderer/runs/consecutive-steps.ts';

describe('steps of a curve', () => {
  it('are counted on where a phase counts from 1 again, so that the curve never turns back', () => {
    expect(consecutiveSteps([1, 2, 4, 1, 2, 4, 1])).toEqual([1, 2, 4, 5, 6, 8, 9]);
    expect(consecutiveSteps([5, 10, 20])).toEqual([5, 10, 20]);
    expect(consecutiveSteps([1, 1, 1])).toEqual([1, 2, 3]);
    expect(consecutiveSteps([])).toEqual([]);
  });
});
