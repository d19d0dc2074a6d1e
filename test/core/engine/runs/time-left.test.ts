import { describe, expect, it } from 'vitest';
import { createTimeLeft } from '../../../../core/engine/runs/time-left.ts';

describe('the time left', () => {
  it('is not known at first, then follows the pace', () => {
    const left = createTimeLeft();
    expect(left.at({ phase: 'learn', done: 0, total: 100 }, 0)).toBeNull();
    expect(left.at({ phase: 'learn', done: 5, total: 100 }, 500)).toBeNull();
    expect(left.at({ phase: 'learn', done: 20, total: 100 }, 2000)).toBeCloseTo(8, 6);
    expect(left.at({ phase: 'learn', done: 100, total: 100 }, 10_000)).toBe(0);
  });

  it('begins anew with every phase and after a pause, and does not guess without a total', () => {
    const left = createTimeLeft();
    left.at({ phase: 'read', done: 0, total: 10 }, 0);
    expect(left.at({ phase: 'read', done: 5, total: 10 }, 5000)).toBeCloseTo(5, 6);
    expect(left.at({ phase: 'learn', done: 0, total: 10 }, 6000)).toBeNull();
    expect(left.at({ phase: 'learn', done: 5, total: 0 }, 9000)).toBeNull();
    left.restart();
    expect(left.at({ phase: 'learn', done: 6, total: 10 }, 99_000)).toBeNull();
    expect(left.at({ phase: 'learn', done: 8, total: 10 }, 101_000)).toBeCloseTo(2, 6);
  });

  it('notices when the pace changes', () => {
    const left = createTimeLeft();
    left.at({ phase: 'learn', done: 0, total: 1000 }, 0);
    left.at({ phase: 'learn', done: 100, total: 1000 }, 1000);
    let said: number | null = null;
    for (let n = 1; n <= 100; n++) said = left.at({ phase: 'learn', done: 100 + n, total: 1000 }, 1000 * (n + 1));
    expect(said).toBeGreaterThan(600);
  });
});
