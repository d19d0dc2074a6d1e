import { expect, it } from 'vitest';
import { createWorkingTime } from '../../../../core/engine/runs/working-time.ts';

it('counts while a run works and no longer, on top of what was counted before', () => {
  let now = 5000;
  const time = createWorkingTime(2.5, () => now);
  now = 60_000;
  expect(time.seconds()).toBe(2.5);
  time.setWorking(true);
  time.setWorking(true);
  now += 1500;
  expect(time.seconds()).toBe(4);
  time.setWorking(false);
  now += 99_000;
  expect(time.seconds()).toBe(4);
  time.setWorking(false);
  time.setWorking(true);
  now += 1000;
  expect(time.seconds()).toBe(5);
});
