import { GraphError } from '../graph-error.ts';
import type { Builder } from '../rule.ts';
import type { Value } from '../value.ts';
import { mul } from './arithmetic.ts';
import { cast, greaterOrEqual } from './compare.ts';
import { uniformNoise } from './noise.ts';

/** What is dropped. */
export interface DropoutOptions {
  /** The share of elements that become 0, below 1; the others grow so that the mean stays. */
  readonly rate: number;
  /** Another number for every dropout that shares a seed. */
  readonly stream?: number;
  /** The shape of the mask where it is not that of x: [N, C, 1, 1] drops whole channels, for a fraction of the time. */
  readonly shape?: readonly number[];
}

/**
 * x with a random share of its elements set to 0, chosen afresh for every `seed` (a single whole number fed with each
 * step, see `uniformNoise`): the same seed drops the same elements on every provider. Leave it out for inference.
 * **Throws** GraphError for a rate that is not in [0, 1). **Source**: Srivastava et al. 2014.
 */
export function dropout(g: Builder, x: Value, seed: Value, { rate, stream = 0, shape }: DropoutOptions): Value {
  if (!(rate >= 0 && rate < 1)) throw new GraphError(`dropout: rate ${rate}, expected from 0 up to but not 1`);
  const noise = uniformNoise(g, seed, shape ?? x.shape, stream);
  return maskedDropout(g, x, cast(g, greaterOrEqual(g, noise, rate), x.dtype), rate);
}

/** x times a `mask` of zeros and ones that is fed with each step, over the share that is kept. */
export function maskedDropout(g: Builder, x: Value, mask: Value, rate: number): Value {
  return mul(g, x, mul(g, mask, 1 / (1 - rate)));
}
