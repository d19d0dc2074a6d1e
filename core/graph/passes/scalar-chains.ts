import { elementCount, numbers } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import type { Pass, Workshop } from './pass.ts';

/** A value times one number. */
interface Scaled {
  readonly value: Value;
  readonly factor: number;
}

/**
 * Factors in a row are one factor; a minus sign goes into the factor, the sum or the difference beside it. ONNX Runtime runs each of them as a pass over memory.
 */
export const scalarChains: Pass = {
  name: 'scalar chains',
  start: () => (node, at) => scaledChain(node, at) ?? withoutMinus(node, at),
};

function scaledChain(node: Node, at: Workshop): readonly Value[] | undefined {
  const outer = scaling(node, at);
  if (!outer) return undefined;
  const before = at.producer(outer.value);
  const inner = before && scaling(before, at);
  if (!inner || (node.op === 'Neg' && before.op === 'Neg')) return undefined;
  const factor = outer.factor * inner.factor;
  if (![outer.factor, inner.factor, factor].every(moderate)) return undefined;
  return [at.g.node('Mul', [inner.value, at.g.constant(factor, [], inner.value.dtype)])];
}

/** Numbers that float32 holds with all its digits, and so do products of a few of them. */
function moderate(factor: number): boolean {
  return Math.abs(factor) > 1e-9 && Math.abs(factor) < 1e9;
}

function scaling({ op, inputs: [a, b] }: Node, { constant }: Workshop): Scaled | undefined {
  if (!a?.dtype.startsWith('float')) return undefined;
  if (op === 'Neg') return { value: a, factor: -1 };
  const [left, right] = [scalarOf(constant(a)), b ? scalarOf(constant(b)) : undefined];
  if (op === 'Mul' && right !== undefined) return { value: a, factor: right };
  if (op === 'Mul' && left !== undefined && b) return { value: b, factor: left };
  return op === 'Div' && right !== undefined ? { value: a, factor: 1 / right } : undefined;
}

/** a + -b is a - b, a - -b is a + b, -a + b is b - a. */
function withoutMinus({ op, inputs: [a, b] }: Node, { g, producer }: Workshop): readonly Value[] | undefined {
  if ((op !== 'Add' && op !== 'Sub') || !a || !b) return undefined;
  const [left, right] = [a, b].map((value) => {
    const node = producer(value);
    return node?.op === 'Neg' ? node.inputs[0] : null;
  });
  if (right) return [g.node(op === 'Add' ? 'Sub' : 'Add', [a, right])];
  return left && op === 'Add' ? [g.node('Sub', [b, left])] : undefined;
}

function scalarOf(of: Parameters<typeof numbers>[0] | undefined): number | undefined {
  return of && of.shape.length === 0 && elementCount(of.shape) === 1 ? numbers(of)[0] : undefined;
}
