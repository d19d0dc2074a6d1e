import { float, integer, integers } from '../rule.ts';
import type { Node, Value } from '../value.ts';
import type { Pass, Workshop } from './pass.ts';

/** A factor of a product: what it is made of and whether it is transposed. */
interface Factor {
  readonly value: Value;
  readonly turned: boolean;
}

/** Products of two matrices take transposed factors as they are and add their bias themselves (`Gemm`). */
export const products: Pass = {
  name: 'products',
  start: () => (node, at) => transposedFactors(node, at),
};

function transposedFactors({ op, inputs, attributes }: Node, at: Workshop): readonly Value[] | undefined {
  const [a, b, c = null] = inputs;
  if ((op !== 'MatMul' && op !== 'Gemm') || !a || !b || a.shape.length !== 2 || b.shape.length !== 2) return undefined;
  /* ONNX Runtime's Gemm knows no whole numbers. */
  if (!a.dtype.startsWith('float')) return undefined;
  const [left, right] = [a, b].map((value) => factor(value, at));
  if (!left.turned && !right.turned) return undefined;
  const flag = (name: string, turned: boolean): number => ((integer(attributes, name, 0) === 1) === turned ? 0 : 1);
  return [
    at.g.node('Gemm', [left.value, right.value, c], {
      ...(op === 'Gemm' && {
        alpha: { float: float(attributes, 'alpha', 1) },
        beta: { float: float(attributes, 'beta', 1) },
      }),
      transA: flag('transA', left.turned),
      transB: flag('transB', right.turned),
    }),
  ];
}

function factor(value: Value, { producer }: Workshop): Factor {
  const node = producer(value);
  const [source] = node?.inputs ?? [];
  if (node?.op !== 'Transpose' || !source) return { value, turned: false };
  return integers(node.attributes, 'perm', [1, 0])[0] === 1
    ? { value: source, turned: true }
    : { value, turned: false };
}
