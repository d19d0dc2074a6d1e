import { expect, test } from 'vitest';
import { cosineSchedule, stepSchedule, warmUp } from '../../../core/graph/schedules.ts';

test('a cosine falls from the rate to the last one and stays there', () => {
  const rate = cosineSchedule({ rate: 1, steps: 100, last: 0.2 });
  [1, 0.8828, 0.6, 0.3172, 0.2, 0.2].forEach((value, i) =>
    expect(rate([0, 25, 50, 75, 100, 500][i])).toBeCloseTo(value, 4),
  );
});

test('steps divide the rate by ten, again and again', () => {
  const rate = stepSchedule({ rate: 0.4, every: 30 });
  [0.4, 0.4, 0.04, 0.004].forEach((value, i) => expect(rate([0, 29, 30, 60][i])).toBeCloseTo(value, 12));
  expect(stepSchedule({ rate: 1, every: 2, factor: 0.5 })(5)).toBe(0.25);
});

test('a warm-up rises in a line to what comes after it', () => {
  const rate = warmUp(() => 0.5, 4);
  expect([0, 1, 2, 3, 4, 9].map(rate)).toEqual([0.125, 0.25, 0.375, 0.5, 0.5, 0.5]);
});

test('a schedule of no steps is refused', () => {
  expect(() => cosineSchedule({ rate: 1, steps: 0 })).toThrow(/cosineSchedule: steps is 0, expected at least 1/);
  expect(() => stepSchedule({ rate: 1, every: NaN })).toThrow(/stepSchedule: every is NaN/);
  expect(() => warmUp(() => 1, 0)).toThrow(/warmUp: steps is 0/);
});
