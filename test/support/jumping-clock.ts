import { onTestFinished } from 'vitest';
import { createRandom } from '../../core/geometry/random.ts';

const hour = 3_600_000;

/**
 * Lets the clock of the day jump for the rest of a test: each look at it finds it put forward or back by up to a day.
 * Clocks that only grow are left alone, as they are by whoever sets the time.
 */
export function letClockJump(seed: number): void {
  const Real = Date;
  const random = createRandom(seed);
  const now = () => Real.now() + (random.integer(49) - 24) * hour;
  globalThis.Date = new Proxy(Real, {
    construct: (target, given: unknown[]) => Reflect.construct(target, given.length === 0 ? [now()] : given) as object,
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  });
  onTestFinished(() => {
    globalThis.Date = Real;
  });
}
