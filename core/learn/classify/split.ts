import type { Random } from '../../geometry/random.ts';

/** Members of the parts of a set, each in ascending order. */
export interface Split {
  readonly training: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/** Shares of the parts that are held back; the rest is for training. */
export interface SplitShares {
  readonly validation: number;
  readonly test: number;
}

/** Splits a set at random so that every class is spread over the parts as evenly as its number allows. */
export function splitByClass(labels: ArrayLike<number>, { validation, test }: SplitShares, random: Random): Split {
  const byClass = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) byClass.set(labels[i], [...(byClass.get(labels[i]) ?? []), i]);
  const parts = { training: [] as number[], validation: [] as number[], test: [] as number[] };
  let [owedTest, owedValidation] = [0, 0];
  for (const [label, members] of [...byClass].sort(([a], [b]) => a - b)) {
    const order = random.fork(`class ${label}`).shuffle(members);
    /* What rounding left of one class is made up for by the next, so that the shares hold over all. */
    owedTest += test * members.length;
    owedValidation += validation * members.length;
    const [forTest, forValidation] = [Math.round(owedTest), Math.round(owedValidation)];
    owedTest -= forTest;
    owedValidation -= forValidation;
    parts.test.push(...order.slice(0, forTest));
    parts.validation.push(...order.slice(forTest, forTest + forValidation));
    parts.training.push(...order.slice(forTest + forValidation));
  }
  const ascending = (list: number[]) => list.sort((a, b) => a - b);
  return {
    training: ascending(parts.training),
    validation: ascending(parts.validation),
    test: ascending(parts.test),
  };
}
