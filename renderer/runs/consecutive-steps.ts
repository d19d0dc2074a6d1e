/** Steps that were counted from 1 again and again, counted on instead: `1 2 4 1 2` as `1 2 4 5 6`. */
export function consecutiveSteps(steps: readonly number[]): readonly number[] {
  let [before, shift] = [0, 0];
  return steps.map((step) => {
    if (step <= before) shift += before;
    before = step;
    return shift + step;
  });
}
