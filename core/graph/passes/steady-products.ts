import { float, integer } from '../rule.ts';
import type { Node, Value } from '../value.ts';
import type { Pass, Workshop } from './pass.ts';

/** ONNX Runtime's products of matrices take sums up to this length in one go, however they are divided among threads. */
const longestWholeSum = 128;

/**
 * Products whose rounding does not depend on the number of threads. ONNX Runtime gives threads whole rows of a tall product,
 * but columns of a wide one, and cuts long sums where the number of columns tells it to: so a wide product with long sums
 * is computed transposed.
 */
export const steadyProducts: Pass = {
  name: 'steady products',
  start: () => (node, at) => tall(node, at),
};

function tall({ op, inputs, outputs, attributes }: Node, { g }: Workshop): readonly Value[] | undefined {
  const [a, b, c = null] = inputs;
  if ((op !== 'MatMul' && op !== 'Gemm') || !a || !b || a.shape.length !== 2 || b.shape.length !== 2) return undefined;
  const [turnedA, turnedB] = ['transA', 'transB'].map((name) => integer(attributes, name, 0) === 1);
  const [rows, columns] = outputs[0].shape;
  const terms = a.shape[turnedA ? 0 : 1];
  if (columns <= rows || terms <= longestWholeSum || a.dtype !== 'float32') return undefined;
  const product = g.node('Gemm', [b, a, bias(g, c)], {
    transA: turnedB ? 0 : 1,
    transB: turnedA ? 0 : 1,
    alpha: { float: float(attributes, 'alpha', 1) },
    beta: { float: float(attributes, 'beta', 1) },
  });
  return [g.node('Transpose', [product], { perm: [1, 0] })];
}

/** What is added to the transposed product; 0 where nothing is, because ONNX Runtime would turn a bare product back. */
function bias(g: Workshop['g'], c: Value | null): Value {
  if (!c) return g.constant(0, [1]);
  if (c.shape.length === 2) return g.node('Transpose', [c], { perm: [1, 0] });
  return c.shape.length === 1 && c.shape[0] > 1 ? g.node('Unsqueeze', [c, g.constant([1], [1], 'int64')]) : c;
}
