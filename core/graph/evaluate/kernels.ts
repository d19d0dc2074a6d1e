import type { OpName } from '../op-name.ts';
import { axisOf, float, integer, integers } from '../rule.ts';
import { elementCount } from '../tensor.ts';
import type { Attributes, ValueType } from '../value.ts';
import { broadcastSteps, type Numbers, stepsOf, strided } from './arrays.ts';

/** What a kernel sees of a node: its inputs in float64 (null where missing), its attributes, its outputs' types. */
export interface Call {
  readonly inputs: readonly (Numbers | null)[];
  readonly attributes: Attributes;
  readonly outputs: readonly ValueType[];
}

/** Computes the numbers of every output; undefined where the case is not one it knows. */
export type Kernel = (call: Call) => readonly Float64Array[] | null | undefined;

function unary(compute: (x: number, attributes: Attributes) => number): Kernel {
  return ({ inputs: [x], attributes }) => x && [x.data.map((value) => compute(value, attributes))];
}

function several(inputs: Call['inputs'], shape: readonly number[]): Float64Array[] | undefined {
  const found = inputs.map((of) => of && strided(of.data, shape, broadcastSteps(of.shape, shape)));
  return found.every((of) => of !== null) ? found : undefined;
}

function binary(compute: (a: number, b: number, whole: boolean) => number): Kernel {
  return ({ inputs, outputs: [{ shape, dtype }] }) => {
    const values = several(inputs, shape);
    const whole = !dtype.startsWith('float');
    return values && [values.reduce((a, b) => a.map((value, i) => compute(value, b[i], whole)))];
  };
}

function reduction(start: number, step: (sum: number, value: number) => number, mean = false): Kernel {
  return ({ inputs: [x, listed], attributes, outputs: [{ shape }] }) => {
    if (!x) return undefined;
    const axes = Array.from(listed?.data ?? [], (axis) => axisOf('Reduce', axis, x.shape.length));
    if (axes.length === 0 && integer(attributes, 'noop_with_empty_axes', 0) === 1) return [x.data];
    const kept = x.shape.map((size, axis) => (axes.length === 0 || axes.includes(axis) ? 1 : size));
    const result = new Float64Array(elementCount(shape)).fill(start);
    const places = strided(Float64Array.from(result.keys()), x.shape, broadcastSteps(kept, x.shape));
    x.data.forEach((value, i) => (result[places[i]] = step(result[places[i]], value)));
    const share = mean ? result.length / Math.max(1, x.data.length) : 1;
    return [mean ? result.map((sum) => sum * share) : result];
  };
}

const regrouped: Kernel = ({ inputs: [x] }) => x && [x.data];

const repeated: Kernel = ({ inputs: [x], outputs: [{ shape }] }) =>
  x && [strided(x.data, shape, broadcastSteps(x.shape, shape))];

const transpose: Kernel = ({ inputs: [x], attributes, outputs: [{ shape }] }) => {
  if (!x) return undefined;
  const steps = stepsOf(x.shape);
  const order = integers(attributes, 'perm', x.shape.map((_, axis) => axis).reverse());
  return [
    strided(
      x.data,
      shape,
      order.map((axis) => steps[axis]),
    ),
  ];
};

const slice: Kernel = ({ inputs: [x, starts, , axes, by], outputs: [{ shape }] }) => {
  if (!x || !starts) return undefined;
  const steps = stepsOf(x.shape);
  let place = 0;
  starts.data.forEach((from, i) => {
    const axis = axisOf('Slice', axes ? axes.data[i] : i, x.shape.length);
    const step = by ? by.data[i] : 1;
    const last = step > 0 ? x.shape[axis] : x.shape[axis] - 1;
    const start = Math.min(Math.max(from < 0 ? from + x.shape[axis] : from, 0), last);
    place += start * stepsOf(x.shape)[axis];
    steps[axis] *= step;
  });
  return [strided(x.data, shape, steps, place)];
};

const concat: Kernel = ({ inputs, attributes, outputs: [{ shape }] }) => {
  const axis = axisOf('Concat', integer(attributes, 'axis', 0), shape.length);
  const result = new Float64Array(elementCount(shape));
  const run = elementCount(shape.slice(axis));
  let start = 0;
  for (const of of inputs) {
    if (!of) return undefined;
    const own = elementCount(of.shape.slice(axis));
    for (let from = 0, to = start; from < of.data.length; from += own, to += run)
      result.set(of.data.subarray(from, from + own), to);
    start += own;
  }
  return [result];
};

const gather: Kernel = ({ inputs: [x, indices], attributes }) => {
  if (!x || !indices) return undefined;
  const axis = axisOf('Gather', integer(attributes, 'axis', 0), x.shape.length);
  const [size, run] = [x.shape[axis], elementCount(x.shape.slice(axis + 1))];
  const found: number[] = [];
  for (let outer = 0; outer < elementCount(x.shape.slice(0, axis)); outer++)
    for (const index of indices.data) {
      const start = (outer * size + (index < 0 ? index + size : index)) * run;
      for (let i = start; i < start + run; i++) found.push(x.data[i]);
    }
  return [Float64Array.from(found)];
};

const where: Kernel = ({ inputs, outputs: [{ shape }] }) => {
  const values = several(inputs, shape);
  return values && [values[0].map((choice, i) => (choice ? values[1][i] : values[2][i]))];
};

const clip: Kernel = ({ inputs: [x, min, max] }) => {
  const [low, high] = [min?.data[0] ?? -Infinity, max?.data[0] ?? Infinity];
  return x && [x.data.map((value) => Math.min(Math.max(value, low), high))];
};

const cast: Kernel = ({ inputs: [x], outputs: [{ dtype }] }) => {
  if (!x) return undefined;
  if (dtype.startsWith('float')) return [x.data];
  if (dtype === 'bool') return [x.data.map((value) => (value === 0 ? 0 : 1))];
  const whole = x.data.map(Math.trunc);
  const most = dtype === 'uint8' ? 255 : 2 ** 31 - 1;
  return whole.every((value) => Math.abs(value) <= most && (dtype !== 'uint8' || value >= 0)) ? [whole] : undefined;
};

const constantOfShape: Kernel = ({ attributes, outputs: [{ shape }] }) => {
  const value = attributes['value'];
  const filling = typeof value === 'object' && 'dtype' in value ? Number(value.data[0]) : 0;
  return [new Float64Array(elementCount(shape)).fill(filling)];
};

function halfToEven(x: number): number {
  const low = Math.floor(x);
  return x - low === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : Math.round(x);
}

/** Ops whose result can be computed without running a graph. */
export const evaluators: Readonly<Partial<Record<OpName, Kernel>>> = {
  Abs: unary(Math.abs),
  Add: binary((a, b) => a + b),
  And: binary((a, b) => a * b),
  Cast: cast,
  Ceil: unary(Math.ceil),
  Clip: clip,
  Concat: concat,
  ConstantOfShape: constantOfShape,
  Div: binary((a, b, whole) => (whole ? Math.trunc(a / b) : a / b)),
  Equal: binary((a, b) => Number(a === b)),
  Exp: unary(Math.exp),
  Expand: repeated,
  Flatten: regrouped,
  Floor: unary(Math.floor),
  Gather: gather,
  Greater: binary((a, b) => Number(a > b)),
  GreaterOrEqual: binary((a, b) => Number(a >= b)),
  Identity: regrouped,
  LeakyRelu: unary((x, attributes) => (x > 0 ? x : x * float(attributes, 'alpha', 0.01))),
  Less: binary((a, b) => Number(a < b)),
  LessOrEqual: binary((a, b) => Number(a <= b)),
  Log: unary(Math.log),
  Max: binary((a, b) => Math.max(a, b)),
  Min: binary((a, b) => Math.min(a, b)),
  Mul: binary((a, b) => a * b),
  Neg: unary((x) => -x),
  Not: unary((x) => 1 - x),
  Or: binary((a, b) => Math.max(a, b)),
  Pow: binary((a, b) => a ** b),
  Reciprocal: unary((x) => 1 / x),
  ReduceMax: reduction(-Infinity, Math.max),
  ReduceMean: reduction(0, (sum, value) => sum + value, true),
  ReduceMin: reduction(Infinity, Math.min),
  ReduceProd: reduction(1, (product, value) => product * value),
  ReduceSum: reduction(0, (sum, value) => sum + value),
  Relu: unary((x) => Math.max(x, 0)),
  Reshape: regrouped,
  Round: unary(halfToEven),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Slice: slice,
  Sqrt: unary(Math.sqrt),
  Squeeze: regrouped,
  Sub: binary((a, b) => a - b),
  Tanh: unary(Math.tanh),
  Transpose: transpose,
  Unsqueeze: regrouped,
  Where: where,
};
