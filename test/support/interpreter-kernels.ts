import { elementCount } from '../../core/graph/tensor.ts';
import type { Node } from '../../core/graph/value.ts';

/** An array of the interpreter: float64 whatever the graph's dtype says, booleans as 0 and 1. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Computes a node's outputs from its inputs; null is a missing optional input. */
export type Kernel = (inputs: (Numbers | null)[], node: Node) => Numbers[];

/** A whole-number attribute of a node. */
export function whole(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name];
  return typeof found === 'number' ? found : fallback;
}

/** A list attribute of a node. */
export function list(node: Node, name: string, fallback: number[]): number[] {
  const found = node.attributes[name];
  return Array.isArray(found) ? (found as number[]) : fallback;
}

/** A float attribute of a node. */
export function real(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name];
  return typeof found === 'object' && 'float' in found ? found.float : fallback;
}

/** A text attribute of a node. */
export function word(node: Node, name: string, fallback: string): string {
  const found = node.attributes[name];
  return typeof found === 'string' ? found : fallback;
}

/** Input `i`, which must be there. */
export function take(inputs: (Numbers | null)[], i: number): Numbers {
  const found = inputs[i];
  if (!found) throw new Error(`input ${i} is missing`);
  return found;
}

/** Row-major steps of a shape. */
function stepsOf(shape: readonly number[]): number[] {
  const steps = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) steps[i] = steps[i + 1] * shape[i + 1];
  return steps;
}

/** A new array whose element at each coordinate is computed from the coordinate. */
export function fill(shape: readonly number[], compute: (at: number[]) => number): Numbers {
  const data = new Float64Array(elementCount(shape));
  const at = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = compute(at);
    for (let axis = shape.length - 1; axis >= 0 && ++at[axis] === shape[axis]; axis--) at[axis] = 0;
  }
  return { shape, data };
}

/** The element at a coordinate; axes count from the end, axes of size 1 are repeated. */
function pick({ shape, data }: Numbers, at: readonly number[]): number {
  let place = 0;
  const skip = at.length - shape.length;
  for (let i = 0; i < shape.length; i++) place = place * shape[i] + (shape[i] === 1 ? 0 : at[i + skip]);
  return data[place];
}

const axis = (a: number, rank: number): number => (a < 0 ? a + rank : a);

function common(...values: Numbers[]): number[] {
  const rank = Math.max(...values.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, i) =>
    values.reduce((size, { shape }) => {
      const own = i - rank + shape.length < 0 ? 1 : shape[i - rank + shape.length];
      return own === 1 ? size : own;
    }, 1),
  );
}

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

function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function halfToEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

function reduce(f: (values: number[]) => number): Kernel {
  return (inputs, node) => {
    const x = take(inputs, 0);
    const rank = x.shape.length;
    const listed = inputs[1] ? Array.from(inputs[1].data, (a) => axis(a, rank)) : [];
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

const regroup: Kernel = (inputs, node) => [{ shape: node.outputs[0].shape, data: take(inputs, 0).data }];

const slice: Kernel = (inputs) => {
  const x = take(inputs, 0);
  const [starts, ends] = [take(inputs, 1).data, take(inputs, 2).data];
  const axes = inputs[3] ? Array.from(inputs[3].data, (a) => axis(a, x.shape.length)) : [...starts.keys()];
  const places = x.shape.map((size, i) => {
    const k = axes.indexOf(i);
    const all = [...Array(size).keys()];
    if (k < 0) return all;
    const step = inputs[4]?.data[k] ?? 1;
    const from = starts[k] < 0 ? starts[k] + size : starts[k];
    const to = ends[k] < 0 && ends[k] >= -size ? ends[k] + size : ends[k] < -size ? -1 : ends[k];
    const found: number[] = [];
    if (step > 0) for (let p = Math.max(from, 0); p < Math.min(to, size); p += step) found.push(p);
    else for (let p = Math.min(from, size - 1); p > to; p += step) found.push(p);
    return found;
  });
  return [
    fill(
      places.map((found) => found.length),
      (at) =>
        pickExact(
          x,
          at.map((a, i) => places[i][a]),
        ),
    ),
  ];
};

function pickExact({ shape, data }: Numbers, at: readonly number[]): number {
  return data[at.reduce((place, a, i) => place * shape[i] + a, 0)];
}

const pad: Kernel = (inputs, node) => {
  const x = take(inputs, 0);
  const pads = take(inputs, 1).data;
  const axes = inputs[3] ? Array.from(inputs[3].data, (a) => axis(a, x.shape.length)) : x.shape.map((_, i) => i);
  const value = inputs[2]?.data[0] ?? 0;
  const mode = word(node, 'mode', 'constant');
  const begins = x.shape.map((_, i) => (axes.includes(i) ? pads[axes.indexOf(i)] : 0));
  const shape = x.shape.map(
    (size, i) => size + (axes.includes(i) ? pads[axes.indexOf(i)] + pads[axes.indexOf(i) + axes.length] : 0),
  );
  return [
    fill(shape, (at) => {
      const from = at.map((a, i) => {
        const p = a - begins[i];
        const last = x.shape[i] - 1;
        if (mode === 'edge') return Math.min(Math.max(p, 0), last);
        if (mode === 'reflect') return p < 0 ? -p : p > last ? 2 * last - p : p;
        return p;
      });
      return from.every((p, i) => p >= 0 && p < x.shape[i]) ? pickExact(x, from) : value;
    }),
  ];
};

const concat: Kernel = (inputs, node) => {
  const values = inputs.map((_, i) => take(inputs, i));
  const along = axis(whole(node, 'axis', 0), values[0].shape.length);
  const shape = values[0].shape.with(
    along,
    values.reduce((sum, value) => sum + value.shape[along], 0),
  );
  return [
    fill(shape, (at) => {
      let place = at[along];
      const value = values.find(({ shape: own }) => place < own[along] || ((place -= own[along]), false));
      return value ? pickExact(value, at.with(along, place)) : NaN;
    }),
  ];
};

const scatter: Kernel = (inputs, node) => {
  const [x, indices, updates] = [take(inputs, 0), take(inputs, 1), take(inputs, 2)];
  const along = axis(whole(node, 'axis', 0), x.shape.length);
  const data = x.data.slice();
  const steps = stepsOf(x.shape);
  const adds = word(node, 'reduction', 'none') === 'add';
  fill(indices.shape, (at) => {
    const to = at
      .with(along, axis(pickExact(indices, at), x.shape[along]))
      .reduce((sum, a, i) => sum + a * steps[i], 0);
    data[to] = (adds ? data[to] : 0) + pickExact(updates, at);
    return 0;
  });
  return [{ shape: x.shape, data }];
};

/** Everything but images. */
export const kernels: Record<string, Kernel> = {
  Abs: one(Math.abs),
  Add: two((a, b) => a + b),
  And: two((a, b) => a * b),
  ArgMax: (inputs, node) => {
    const x = take(inputs, 0);
    const along = axis(whole(node, 'axis', 0), x.shape.length);
    const best = fill(x.shape.with(along, 1), (at) => {
      const row = Array.from({ length: x.shape[along] }, (_, i) => pickExact(x, at.with(along, i)));
      return row.indexOf(Math.max(...row));
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
  Concat: concat,
  ConstantOfShape: (inputs, node) => {
    const value = node.attributes['value'];
    const [filling] = typeof value === 'object' && 'dtype' in value ? Array.from(value.data, Number) : [0];
    return [fill(Array.from(take(inputs, 0).data), () => filling)];
  },
  Cos: one(Math.cos),
  Div: (inputs, node) =>
    two((a, b) => (node.outputs[0].dtype.startsWith('float') ? a / b : Math.trunc(a / b)))(inputs, node),
  Equal: two((a, b) => Number(a === b)),
  Erf: one(erf),
  Exp: one(Math.exp),
  Expand: (inputs) => {
    const [x, shape] = [take(inputs, 0), Array.from(take(inputs, 1).data)];
    return [fill(common(x, { shape, data: new Float64Array() }), (at) => pick(x, at))];
  },
  Flatten: regroup,
  Floor: one(Math.floor),
  FusedMatMul: product,
  Gather: (inputs, node) => {
    const [x, indices] = [take(inputs, 0), take(inputs, 1)];
    const along = axis(whole(node, 'axis', 0), x.shape.length);
    const rank = indices.shape.length;
    return [
      fill([...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)], (at) => {
        const index = axis(pickExact(indices, at.slice(along, along + rank)), x.shape[along]);
        return pickExact(x, [...at.slice(0, along), index, ...at.slice(along + rank)]);
      }),
    ];
  },
  GatherElements: (inputs, node) => {
    const [x, indices] = [take(inputs, 0), take(inputs, 1)];
    const along = axis(whole(node, 'axis', 0), x.shape.length);
    return [fill(indices.shape, (at) => pickExact(x, at.with(along, axis(pickExact(indices, at), x.shape[along]))))];
  },
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
  Max: two((a, b) => Math.max(a, b)),
  Min: two((a, b) => Math.min(a, b)),
  Mul: two((a, b) => a * b),
  Neg: one((x) => -x),
  Not: one((x) => 1 - x),
  Or: two((a, b) => Math.max(a, b)),
  Pad: pad,
  Pow: two((a, b) => a ** b),
  Reciprocal: one((x) => 1 / x),
  ReduceMax: reduce((values) => Math.max(...values)),
  ReduceMean: reduce((values) => values.reduce((a, b) => a + b, 0) / values.length),
  ReduceMin: reduce((values) => Math.min(...values)),
  ReduceSum: reduce((values) => values.reduce((a, b) => a + b, 0)),
  Relu: one((x) => Math.max(x, 0)),
  Reshape: regroup,
  Round: one(halfToEven),
  ScatterElements: scatter,
  Shape: (inputs) => {
    const { shape } = take(inputs, 0);
    return [{ shape: [shape.length], data: Float64Array.from(shape) }];
  },
  Sigmoid: one((x) => 1 / (1 + Math.exp(-x))),
  Sin: one(Math.sin),
  Slice: slice,
  Softmax: softmax(false),
  Softplus: one((x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0)),
  Split: (inputs, node) => {
    const x = take(inputs, 0);
    const along = axis(whole(node, 'axis', 0), x.shape.length);
    let start = 0;
    return node.outputs.map(({ shape }) => {
      const from = start;
      start += shape[along];
      return fill(shape, (at) => pickExact(x, at.with(along, at[along] + from)));
    });
  },
  Sqrt: one(Math.sqrt),
  Squeeze: regroup,
  Sub: two((a, b) => a - b),
  Tanh: one(Math.tanh),
  Tile: (inputs, node) => {
    const x = take(inputs, 0);
    return [
      fill(node.outputs[0].shape, (at) =>
        pickExact(
          x,
          at.map((a, i) => a % x.shape[i]),
        ),
      ),
    ];
  },
  Transpose: (inputs, node) => {
    const x = take(inputs, 0);
    const order = list(node, 'perm', x.shape.map((_, i) => i).reverse());
    return [
      fill(
        order.map((a) => x.shape[a]),
        (at) =>
          pickExact(
            x,
            x.shape.map((_, i) => at[order.indexOf(i)]),
          ),
      ),
    ];
  },
  Unsqueeze: regroup,
  Where: (inputs) => {
    const [condition, yes, no] = [take(inputs, 0), take(inputs, 1), take(inputs, 2)];
    return [fill(common(condition, yes, no), (at) => (pick(condition, at) ? pick(yes, at) : pick(no, at)))];
  },
};
