import { formatNumber } from './numbers.ts';

/** A scale of a chart: values to lengths, and the ticks to write beside it. */
export interface Axis {
  readonly toLength: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

/** A linear axis over all values, with round ticks and a little air; lengths run from `from` to `to`. */
export function linearAxis(values: readonly number[], from: number, to: number, wantedTicks: number): Axis {
  const finite = values.filter(Number.isFinite);
  let low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  let high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low > high) [low, high] = [0, 1];
  const middle = (low + high) / 2;
  const least = Math.max(Math.abs(middle) * 1e-3, 1e-6);
  if (high - low < least) [low, high] = [middle - least / 2, middle + least / 2];
  const air = 0.04 * (high - low);
  [low, high] = [low - air, high + air];
  const step = roundStep((high - low) / wantedTicks);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  const ticks = Array.from({ length: count }, (_, index) => {
    const value = (first + index) * step;
    return { value, text: formatNumber(value, digits) };
  });
  return { toLength: (value) => from + ((value - low) / (high - low)) * (to - from), ticks };
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `raw`. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5].find((factor) => factor * power >= raw) ?? 10) * power;
}
