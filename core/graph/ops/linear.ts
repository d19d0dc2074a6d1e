import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  type Builder,
  float,
  type Inferred,
  inputOf,
  integer,
  type OpCall,
  type OpRule,
  required,
  shapeText,
} from '../rule.ts';
import type { Value } from '../value.ts';
import { mul } from './arithmetic.ts';
import { broadcastShapes, sumToShape } from './broadcast.ts';
import { reshape, transpose } from './movement.ts';

function swapped(shape: readonly number[], flag: boolean): readonly number[] {
  return flag && shape.length >= 2 ? [...shape.slice(0, -2), shape.at(-1) ?? 1, shape.at(-2) ?? 1] : shape;
}

function product(op: string, a: readonly number[], b: readonly number[]): number[] {
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  if (a.length === 0 || b.length === 0 || left.at(-1) !== right.at(-2)) {
    throw new GraphError(`${op}: shapes ${shapeText(a)} and ${shapeText(b)} cannot be multiplied`);
  }
  const batch = broadcastShapes(op, [left.slice(0, -2), right.slice(0, -2)]);
  return [...batch, ...(a.length === 1 ? [] : left.slice(-2, -1)), ...(b.length === 1 ? [] : right.slice(-1))];
}

function inferMatMul(call: OpCall): Inferred[] {
  const [a, b] = [required(call, 0), required(call, 1)];
  if (a.dtype !== b.dtype) throw new GraphError(`${call.op}: inputs of dtype ${a.dtype} and ${b.dtype}`);
  const odd = ['transBatchA', 'transBatchB'].find((name) => integer(call.attributes, name, 0) !== 0);
  if (odd !== undefined)
    throw new GraphError(`${call.op}: ${odd} is not known, expected 0; transpose that input first`);
  const left = swapped(a.shape, integer(call.attributes, 'transA', 0) === 1);
  const right = swapped(b.shape, integer(call.attributes, 'transB', 0) === 1);
  return [{ shape: product(call.op, left, right), dtype: a.dtype }];
}

function inferGemm(call: OpCall): Inferred[] {
  const [a, b, c] = [required(call, 0), required(call, 1), call.inputs[2]];
  if (a.shape.length !== 2 || b.shape.length !== 2) {
    throw new GraphError(`Gemm: shapes ${shapeText(a.shape)} and ${shapeText(b.shape)}, expected two matrices`);
  }
  const [result] = inferMatMul(call);
  if (c && broadcastShapes('Gemm', [result.shape, c.shape]).some((size, axis) => size !== result.shape[axis])) {
    throw new GraphError(
      `Gemm: input 2 of shape ${shapeText(c.shape)} does not broadcast to ${shapeText(result.shape)}`,
    );
  }
  return [result];
}

/** Matrix products. `FusedMatMul` is a contrib op of ONNX Runtime: MatMul with either side transposed for free. */
export const linearRules = {
  FusedMatMul: {
    domain: 'com.microsoft',
    infer: inferMatMul,
    gradient: (g, node, dy, wanted) => {
      const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
      const transA = integer(node.attributes, 'transA', 0) === 1;
      const transB = integer(node.attributes, 'transB', 0) === 1;
      const scaled = mul(g, dy, float(node.attributes, 'alpha', 1));
      const towardsA = (): Value =>
        transA
          ? fusedMatMul(g, b, scaled, { transA: transB, transB: true })
          : fusedMatMul(g, scaled, b, { transB: !transB });
      const towardsB = (): Value =>
        transB
          ? fusedMatMul(g, scaled, a, { transA: true, transB: transA })
          : fusedMatMul(g, a, scaled, { transA: !transA });
      return [
        wanted[0] ? sumToShape(g, towardsA(), a.shape) : null,
        wanted[1] ? sumToShape(g, towardsB(), b.shape) : null,
      ];
    },
  },
  Gemm: {
    infer: inferGemm,
    gradient: (g, node, dy, wanted) => {
      const [a, b, c] = [inputOf(node, 0), inputOf(node, 1), node.inputs[2]];
      const transA = integer(node.attributes, 'transA', 0) === 1;
      const transB = integer(node.attributes, 'transB', 0) === 1;
      const alpha = float(node.attributes, 'alpha', 1);
      const beta = float(node.attributes, 'beta', 1);
      const towardsA = (): Value =>
        transA
          ? gemm(g, b, dy, null, { transA: transB, transB: true, alpha })
          : gemm(g, dy, b, null, { transB: !transB, alpha });
      const towardsB = (): Value =>
        transB
          ? gemm(g, dy, a, null, { transA: true, transB: transA, alpha })
          : gemm(g, a, dy, null, { transA: !transA, alpha });
      const towardsC = (of: Value): Value => {
        const summed = sumToShape(g, dy, of.shape);
        return beta === 1 ? summed : mul(g, summed, beta);
      };
      return [wanted[0] ? towardsA() : null, wanted[1] ? towardsB() : null, wanted[2] && c ? towardsC(c) : null];
    },
  },
  MatMul: {
    infer: inferMatMul,
    gradient: (g, node, dy, wanted) => {
      const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
      const left = a.shape.length === 1 ? reshape(g, a, [1, a.shape[0]]) : a;
      const right = b.shape.length === 1 ? reshape(g, b, [b.shape[0], 1]) : b;
      const batch = broadcastShapes('MatMul', [left.shape.slice(0, -2), right.shape.slice(0, -2)]);
      const full = reshape(g, dy, [...batch, left.shape.at(-2) ?? 1, right.shape.at(-1) ?? 1]);
      const towardsA = (): Value => matMul(g, full, swapLast(g, right));
      const towardsB = (): Value => matMul(g, swapLast(g, left), full);
      return [
        wanted[0] ? reshape(g, sumToShape(g, towardsA(), left.shape), a.shape) : null,
        wanted[1] ? reshape(g, sumToShape(g, towardsB(), right.shape), b.shape) : null,
      ];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

function swapLast(g: Builder, x: Value): Value {
  const order = x.shape.map((_, axis) => axis);
  return transpose(g, x, [...order.slice(0, -2), order.length - 1, order.length - 2]);
}

/** Which sides of a product are transposed, and a factor. */
export interface ProductOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly alpha?: number;
}

/** Matrix product over the last two axes; leading axes broadcast, vectors as in NumPy. */
export function matMul(g: Builder, a: Value, b: Value): Value {
  return g.node('MatMul', [a, b]);
}

/** alpha a b + beta c for matrices, either transposed first; `c` broadcasts. */
export function gemm(
  g: Builder,
  a: Value,
  b: Value,
  c: Value | null = null,
  { transA = false, transB = false, alpha = 1, beta = 1 }: ProductOptions & { beta?: number } = {},
): Value {
  const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: { float: alpha }, beta: { float: beta } };
  return g.node('Gemm', c ? [a, b, c] : [a, b], attributes);
}

/** alpha a b over the last two axes, either side transposed without a copy. */
export function fusedMatMul(
  g: Builder,
  a: Value,
  b: Value,
  { transA = false, transB = false, alpha = 1 }: ProductOptions = {},
): Value {
  return g.node('FusedMatMul', [a, b], { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: { float: alpha } });
}

/** x w + bias: x [N, I], w [I, O], bias [O]; result [N, O]. */
export function dense(g: Builder, x: Value, weight: Value, bias: Value | null): Value {
  return gemm(g, x, weight, bias);
}
