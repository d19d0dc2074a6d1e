/** A normal distribution's standard deviation over its median absolute deviation. */
const consistency = 1.4826;
const allowed = 2.5;

/** Which values lie far below the others: under the median minus 2.5 robust deviations. Missing values never do. */
export function lowOutliers(values: readonly (number | undefined)[]): readonly boolean[] {
  const known = values.filter((value) => value !== undefined);
  const middle = median(known);
  const spread = consistency * median(known.map((value) => Math.abs(value - middle)));
  return values.map((value) => value !== undefined && value < middle - allowed * Math.max(spread, 1e-9));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
