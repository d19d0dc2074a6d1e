import { elementCount, type Tensor } from '../tensor.ts';

/** Numbers in float64 with their shape, whatever dtype they stand for. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A tensor's numbers in float64; undefined where a whole number is too large to be one of them exactly. */
export function toNumbers({ shape, dtype, data }: Tensor): Numbers | undefined {
  if (dtype !== 'int64') return { shape, data: Float64Array.from(data) };
  const list = Float64Array.from(data, Number);
  return list.every(Number.isSafeInteger) ? { shape, data: list } : undefined;
}

/** Row-major steps of a shape. */
export function stepsOf(shape: readonly number[]): number[] {
  const steps = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) steps[axis] = steps[axis + 1] * shape[axis + 1];
  return steps;
}

/** Steps that read an array of one shape as if it were broadcast to another: repeated axes stand still. */
export function broadcastSteps(from: readonly number[], to: readonly number[]): number[] {
  const own = stepsOf(from);
  const lead = to.length - from.length;
  return to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : own[axis - lead]));
}

/** Reads an array along steps: element `at` of the result is `data[start + sum(at * steps)]`. */
export function strided(
  data: Float64Array,
  shape: readonly number[],
  steps: readonly number[],
  start = 0,
): Float64Array {
  const result = new Float64Array(elementCount(shape));
  const at = shape.map(() => 0);
  let place = start;
  for (let i = 0; i < result.length; i++) {
    result[i] = data[place];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += steps[axis];
      if (++at[axis] < shape[axis]) break;
      place -= steps[axis] * shape[axis];
      at[axis] = 0;
    }
  }
  return result;
}
