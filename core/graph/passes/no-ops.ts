import { numbers, sameShape, type Tensor } from '../tensor.ts';
import type { OpName } from '../op-name.ts';
import type { Node, Value } from '../value.ts';
import type { Pass, Workshop } from './pass.ts';

/** Says which input a node merely repeats, if it does. */
type Repeats = (node: Node, at: Workshop) => Value | null | undefined;

/** Ops that change nothing: x + 0, x * 1, a slice of everything, a cast to the same dtype, and so on. */
export const noOps: Pass = {
  name: 'no-ops',
  start: () => (node, at) => {
    const found = repeats[node.op]?.(node, at);
    return found && sameShape(found.shape, node.outputs[0].shape) ? [found] : undefined;
  },
};

const repeats: Readonly<Partial<Record<OpName, Repeats>>> = {
  Add: neutral(0, 'either'),
  Cast: ({ inputs: [x], outputs: [y] }) => (x?.dtype === y.dtype ? x : null),
  Clip: ({ inputs: [x, min, max] }) => (min || max ? null : x),
  Concat: only,
  Div: neutral(1, 'right'),
  Expand: stretch,
  Identity: ({ inputs: [x] }) => x,
  Max: only,
  Min: only,
  Mul: neutral(1, 'either'),
  Neg: ({ inputs: [x] }, { producer }) => (producer(x)?.op === 'Neg' ? producer(x)?.inputs[0] : null),
  Pad: ({ inputs: [x, pads] }, { constant }) => (isAll(constant(pads), 0) ? x : null),
  Pow: neutral(1, 'right'),
  Relu: ({ inputs: [x] }, { producer }) => (producer(x)?.op === 'Relu' ? x : null),
  Slice: ({ inputs: [x, , , , steps] }, { rigid, constant }) =>
    rigid(x) && (!steps || isAll(constant(steps), 1)) ? x : null,
  Sub: neutral(0, 'right'),
  Tile: ({ inputs: [x, times] }, { constant }) => (isAll(constant(times), 1) ? x : null),
};

function only({ inputs }: Node): Value | null {
  return inputs.length === 1 ? inputs[0] : null;
}

/** Where axes are open, a shape that is known to be the same now may be another one later. */
function stretch({ inputs: [x, shape] }: Node, { rigid, constant }: Workshop): Value | null {
  const ones = isAll(constant(shape), 1);
  return ones || (rigid(x) && rigid(shape)) ? x : null;
}

/** One of two numbers changes nothing, on the right or on either side. */
function neutral(number: number, side: 'right' | 'either'): Repeats {
  return ({ inputs: [a, b] }, { constant, rigid }) => {
    const leaves = (kept: Value | null, other: Value | null): boolean =>
      isAll(constant(other), number) && (rigid(kept) || isOne(other?.shape ?? [], kept?.shape ?? []));
    if (leaves(a, b)) return a;
    return side === 'either' && leaves(b, a) ? b : null;
  };
}

/** Whether a shape of one element broadcasts to another without adding axes. */
function isOne(shape: readonly number[], to: readonly number[]): boolean {
  return shape.length <= to.length && shape.every((size) => size === 1);
}

function isAll(of: Tensor | undefined, number: number): boolean {
  return of !== undefined && numbers(of).every((value) => value === number);
}
