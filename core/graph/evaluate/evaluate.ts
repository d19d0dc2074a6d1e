import type { OpName } from '../op-name.ts';
import { type Tensor, tensor } from '../tensor.ts';
import type { Attributes, ValueType } from '../value.ts';
import { toNumbers } from './arrays.ts';
import { evaluators } from './kernels.ts';

/**
 * The outputs of a node whose inputs are all known: computed in float64 and rounded once, so that folding loses nothing
 * that running would keep. Undefined for ops it does not know and for whole numbers that are none or lie beyond 2^53.
 */
export function evaluate(
  op: OpName,
  inputs: readonly (Tensor | null)[],
  attributes: Attributes,
  outputs: readonly ValueType[],
): readonly Tensor[] | undefined {
  const kernel = evaluators[op];
  if (!kernel) return undefined;
  /* Where a slice ends follows from the shape of its output; what files say there is often the largest number there is. */
  const read = op === 'Slice' ? inputs.with(2, null) : inputs;
  const numbers = read.map((of) => of && toNumbers(of));
  if (numbers.includes(undefined)) return undefined;
  const found = kernel({ inputs: numbers.map((of) => of ?? null), attributes, outputs });
  if (!found?.every((data, i) => fits(data, outputs[i]))) return undefined;
  return found.map((data, i) => tensor(data, outputs[i].shape, outputs[i].dtype));
}

function fits(data: Float64Array, { dtype }: ValueType): boolean {
  return dtype.startsWith('float') || data.every(Number.isSafeInteger);
}
