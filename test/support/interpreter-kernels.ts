import type { OpName } from '../../core/graph/op-name.ts';
import { elementCount } from '../../core/graph/tensor.ts';
import type { Node } from '../../core/graph/value.ts';
import {
  axis,
  common,
  fill,
  halfToEven,
  pick,
  pickExact,
  real,
  stepsOf,
  take,
  whole,
  type Kernel,
  type Numbers,
} from './interpreter-arrays.ts';

const one =
  (f: (x: number, node: Node) => number): Kernel =>
  (inputs, node) => {
    const x = take(inputs, 0);
    return [{ shape: x.shape, data: x.data.map((value) => f(value, node)) }];
  };

const two =
  (f: (a: number, b: number, node: Node) => number): Kernel =>
  (inputs, node) => {
    const [a, b] = [take(inputs, 0), take(inputs, 1)];
    return [fill(common(a, b), (at) => f(pick(a, at), pick(b, at), node))];
  };

const many =
  (f: (...values: number[]) => number): Kernel =>
  (inputs) => {
    const values = inputs.map((_, i) => take(inputs, i));
    return [fill(common(...values), (at) => f(...values.map((value) => pick(value, at))))];
  };

function erf(x: number): number {
  if (Math.abs(x) > 3) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** What erf lacks of 1 for large x, as a continued fraction. */
function erfc(x: number): number {
  let rest = x;
  for (let n = 60; n > 0; n--) rest = x + n / 2 / rest;
  return Math.exp(-x * x) / (rest * Math.sqrt(Math.PI));
}

function logSumExp(values: number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

function reduce(f: (values: number[]) => number): Kernel {
  return (inputs, node) => {
    const x = take(inputs, 0);
    const rank = x.shape.length;
    const listed = inputs[1] ? Array.from(inputs[1].data, (a) => axis(a, rank)) : [];
    if (listed.length === 0 && whole(node, 'noop_with_empty_axes', 0) === 1) return [x];
    const axes = listed.length > 0 ? listed : x.shape.map((_, i) => i);
    const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    const groups = Array.from({ length: elementCount(kept) }, (): number[] => []);
    const steps = stepsOf(kept);
    fill(x.shape, (at) =>
      groups[at.reduce((sum, a, i) => sum + (kept[i] === 1 ? 0 : a * steps[i]), 0)].push(pick(x, at)),
    );
    const shape = whole(node, 'keepdims', 1) === 1 ? kept : x.shape.filter((_, i) => !axes.includes(i));
    return [{ shape, data: Float64Array.from(groups, f) }];
  };
}

const softmax =
  (logarithm: boolean): Kernel =>
  (inputs, node) => {
    const x = take(inputs, 0);
    const along = axis(whole(node, 'axis', -1), x.shape.length);
    return [
      fill(x.shape, (at) => {
        const row = Array.from({ length: x.shape[along] }, (_, i) => pick(x, at.with(along, i)));
        const largest = Math.max(...row);
        const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
        const exponent = pick(x, at) - largest;
        return logarithm ? exponent - Math.log(total) : Math.exp(exponent) / total;
      }),
    ];
  };

function multiply(a: Numbers, b: Numbers, transA: boolean, transB: boolean): Numbers {
  const left = a.shape.length === 1 ? { ...a, shape: [1, ...a.shape] } : a;
  const right = b.shape.length === 1 ? { ...b, shape: [...b.shape, 1] } : b;
  const [rows, inner] = transA ? left.shape.slice(-2).reverse() : left.shape.slice(-2);
  const columns = right.shape.at(transB ? -2 : -1) ?? 1;
  const batch = common({ ...left, shape: left.shape.slice(0, -2) }, { ...right, shape: right.shape.slice(0, -2) });
  const full = fill([...batch, rows, columns], (at) => {
    const [lead, i, j] = [at.slice(0, -2), at.at(-2) ?? 0, at.at(-1) ?? 0];
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      sum +=
        pickMatrix(left, lead, transA ? k : i, transA ? i : k) *
        pickMatrix(right, lead, transB ? j : k, transB ? k : j);
    }
    return sum;
  });
  return {
    data: full.data,
    shape: [...batch, ...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])],
  };
}

function pickMatrix({ shape, data }: Numbers, lead: number[], i: number, j: number): number {
  const batch = shape.slice(0, -2);
  const [rows, columns] = shape.slice(-2);
  let place = 0;
  batch.forEach((size, k) => (place = place * size + (size === 1 ? 0 : lead[k + lead.length - batch.length])));
  return data[(place * rows + i) * columns + j];
}

const product: Kernel = (inputs, node) => {
  const result = multiply(
    take(inputs, 0),
    take(inputs, 1),
    whole(node, 'transA', 0) === 1,
    whole(node, 'transB', 0) === 1,
  );
  const alpha = real(node, 'alpha', 1);
  const c = inputs[2];
  const beta = real(node, 'beta', 1);
  return [fill(result.shape, (at) => alpha * pick(result, at) + (c ? beta * pick(c, at) : 0))];
};

/** Ops that compute with each element, reduce or multiply. */
export const kernels = {
  Abs: one(Math.abs),
  Add: two((a, b) => a + b),
  And: two((a, b) => a * b),
  ArgMax: (inputs, node) => {
    const x = take(inputs, 0);
    const along = axis(whole(node, 'axis', 0), x.shape.length);
    const best = fill(x.shape.with(along, 1), (at) => {
      const row = Array.from({ length: x.shape[along] }, (_, i) => pickExact(x, at.with(along, i)));
      const largest = Math.max(...row);
      return whole(node, 'select_last_index', 0) === 1 ? row.lastIndexOf(largest) : row.indexOf(largest);
    });
    return [{ data: best.data, shape: node.outputs[0].shape }];
  },
  Cast: (inputs, node) => {
    const x = take(inputs, 0);
    const { dtype } = node.outputs[0];
    const convert = dtype.startsWith('float')
      ? (v: number) => v
      : dtype === 'bool'
        ? (v: number) => (v === 0 ? 0 : 1)
        : Math.trunc;
    return [{ shape: x.shape, data: x.data.map(convert) }];
  },
  Ceil: one(Math.ceil),
  Clip: (inputs) => {
    const x = take(inputs, 0);
    const [low, high] = [inputs[1]?.data[0] ?? -Infinity, inputs[2]?.data[0] ?? Infinity];
    return [{ shape: x.shape, data: x.data.map((value) => Math.min(Math.max(value, low), high)) }];
  },
  Cos: one(Math.cos),
  Div: (inputs, node) =>
    two((a, b) => (node.outputs[0].dtype.startsWith('float') ? a / b : Math.trunc(a / b)))(inputs, node),
  Elu: one((x, node) => (x > 0 ? x : real(node, 'alpha', 1) * Math.expm1(x))),
  Equal: two((a, b) => Number(a === b)),
  Erf: one(erf),
  Exp: one(Math.exp),
  Floor: one(Math.floor),
  FusedMatMul: product,
  Gemm: product,
  Greater: two((a, b) => Number(a > b)),
  GreaterOrEqual: two((a, b) => Number(a >= b)),
  Identity: one((x) => x),
  LeakyRelu: one((x, node) => (x > 0 ? x : x * real(node, 'alpha', 0.01))),
  Less: two((a, b) => Number(a < b)),
  LessOrEqual: two((a, b) => Number(a <= b)),
  Log: one(Math.log),
  LogSoftmax: softmax(true),
  MatMul: product,
  Max: many(Math.max),
  Min: many(Math.min),
  Mul: two((a, b) => a * b),
  Neg: one((x) => -x),
  Not: one((x) => 1 - x),
  Or: two((a, b) => Math.max(a, b)),
  Pow: two((a, b) => a ** b),
  Reciprocal: one((x) => 1 / x),
  ReduceLogSumExp: reduce(logSumExp),
  ReduceMax: reduce((values) => Math.max(...values)),
  ReduceMean: reduce((values) => values.reduce((a, b) => a + b, 0) / values.length),
  ReduceMin: reduce((values) => Math.min(...values)),
  ReduceProd: reduce((values) => values.reduce((a, b) => a * b, 1)),
  ReduceSum: reduce((values) => values.reduce((a, b) => a + b, 0)),
  Relu: one((x) => Math.max(x, 0)),
  Round: one(halfToEven),
  Sigmoid: one((x) => 1 / (1 + Math.exp(-x))),
  Sin: one(Math.sin),
  Softmax: softmax(false),
  Softplus: one((x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0)),
  Sqrt: one(Math.sqrt),
  Sub: two((a, b) => a - b),
  Tanh: one(Math.tanh),
  Where: (inputs) => {
    const [condition, yes, no] = [take(inputs, 0), take(inputs, 1), take(inputs, 2)];
    return [fill(common(condition, yes, no), (at) => (pick(condition, at) ? pick(yes, at) : pick(no, at)))];
  },
} satisfies Partial<Record<OpName, Kernel>>;
