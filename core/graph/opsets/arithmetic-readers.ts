import { GraphError } from '../graph-error.ts';
import { add, div, mul, sub } from '../ops/arithmetic.ts';
import { abs, clip, exp, gelu, log, relu, sigmoid, softplus, sqrt, tanh } from '../ops/elementwise.ts';
import { cast, greater, less, where } from '../ops/compare.ts';
import { axisOf, float, integer, text } from '../rule.ts';
import type { Value } from '../value.ts';
import type { OpName } from '../op-name.ts';
import { roundToHalf } from './half-rounding.ts';
import { asIs, listAsInput, need, type Reader, type Reading, whole } from './reading.ts';

/** ONNX numbers of the half floats: what is cast to one is rounded to it and held as float32. */
const halves: Readonly<Partial<Record<number, 'float16' | 'bfloat16'>>> = { 10: 'float16', 16: 'bfloat16' };

/** Bounds were attributes before opset 11. */
function readClip(of: Reading): readonly Value[] {
  const { g, attributes, opset } = of;
  if (opset >= 11) return asIs(of);
  const x = need(of, 0);
  const bound = (name: string): Value | null =>
    name in attributes ? g.constant(float(attributes, name, 0), [], x.dtype) : null;
  return g.nodes('Clip', [x, bound('min'), bound('max')]);
}

/** Before opset 13 the softmax ran over all axes from `axis` (1 by default) on, taken as one. */
function readSoftmax(of: Reading): readonly Value[] {
  const { g, opset, attributes } = of;
  if (opset >= 13) return asIs(of);
  const x = need(of, 0);
  const op = of.node.op as OpName;
  const axis = axisOf(op, integer(attributes, 'axis', 1), x.shape.length);
  if (x.shape.slice(axis + 1).every((size) => size === 1)) return asIs(of, { attributes: { axis } });
  const joined = g.node('Reshape', [x, whole(g, [...x.shape.slice(0, axis).map(() => 0), -1])]);
  return g.nodes('Reshape', [g.node(op, [joined], { axis: -1 }), g.node('Shape', [x])]);
}

/** A reduction in other words: something before the sum and something after it. */
function reduction(before: (of: Reading, x: Value) => Value, after: (of: Reading, sum: Value) => Value): Reader {
  const axes = listAsInput('axes');
  return (of) => {
    const inputs = [before(of, need(of, 0)), ...of.inputs.slice(1)];
    const node = { ...of.node, op: 'ReduceSum' };
    const [sum] = axes({ ...of, node, inputs });
    return [after(of, sum)];
  };
}

const same = (_: Reading, x: Value): Value => x;
const square = ({ g }: Reading, x: Value): Value => mul(g, x, x);

/** Ops of any number of inputs, folded into sums of two. */
const sumOf: Reader = (of) => {
  const values = of.inputs.map((_, index) => need(of, index));
  if (values.length === 0) throw new GraphError('input 0 is missing');
  return [values.reduce((a, b) => add(of.g, a, b))];
};

/** Input 0, which must be of floats. */
function floatInput(of: Reading): Value {
  const x = need(of, 0);
  if (x.dtype.startsWith('float')) return x;
  throw new GraphError(`input 0 is ${x.dtype}, expected floats; cast it`);
}

/** x f(x) and the like: an op of one input in other words; `alpha` and `beta` are read from the attributes. */
function composed(
  make: (of: Reading, x: Value, alpha: (fallback: number) => number, beta: (fallback: number) => number) => Value,
): Reader {
  return (of) => {
    const read = (name: string) => (fallback: number) => float(of.attributes, name, fallback);
    return [make(of, floatInput(of), read('alpha'), read('beta'))];
  };
}

/** (x > 0 ? x : slope x), the slope one number or one per channel. */
function readPRelu(of: Reading): readonly Value[] {
  const { g } = of;
  const x = need(of, 0);
  return [sub(g, relu(g, x), mul(g, need(of, 1), relu(g, g.node('Neg', [x]))))];
}

/** Ops that compute with each element or reduce. */
export const arithmeticReaders: Readonly<Record<string, Reader>> = {
  Cast: (of) => {
    const to = integer(of.attributes, 'to', 0);
    const half = halves[to];
    return half === undefined ? of.g.nodes('Cast', [need(of, 0)], { to }) : [roundToHalf(of.g, need(of, 0), half)];
  },
  CastLike: (of) => [cast(of.g, need(of, 0), need(of, 1).dtype)],
  Celu: composed(({ g }, x, alpha) => {
    const a = alpha(1);
    const below = mul(g, sub(g, exp(g, div(g, clip(g, x, { max: 0 }), a)), 1), a);
    return add(g, relu(g, x), below);
  }),
  Clip: readClip,
  Gelu: (of) => [gelu(of.g, floatInput(of), text(of.attributes, 'approximate', 'none') === 'tanh' ? 'tanh' : 'exact')],
  HardSigmoid: composed(({ g }, x, alpha, beta) =>
    clip(g, add(g, mul(g, x, alpha(0.2)), beta(0.5)), { min: 0, max: 1 }),
  ),
  HardSwish: composed(({ g }, x) => mul(g, x, clip(g, add(g, mul(g, x, 1 / 6), 0.5), { min: 0, max: 1 }))),
  LogSoftmax: readSoftmax,
  Mean: (of) => {
    const [sum] = sumOf(of);
    return [mul(of.g, sum, 1 / of.inputs.length)];
  },
  Mish: composed(({ g }, x) => mul(g, x, tanh(g, softplus(g, x)))),
  PRelu: readPRelu,
  ReduceL1: reduction(({ g }, x) => abs(g, x), same),
  ReduceL2: reduction(square, ({ g }, sum) => sqrt(g, sum)),
  ReduceLogSum: reduction(same, ({ g }, sum) => log(g, sum)),
  ReduceLogSumExp: listAsInput('axes'),
  ReduceMax: listAsInput('axes'),
  ReduceMean: listAsInput('axes'),
  ReduceMin: listAsInput('axes'),
  ReduceProd: listAsInput('axes'),
  ReduceSum: listAsInput('axes'),
  ReduceSumSquare: reduction(square, same),
  Selu: (of) => {
    const [alpha, gamma] = [float(of.attributes, 'alpha', 1.6732632), float(of.attributes, 'gamma', 1.050701)];
    const { g } = of;
    const x = floatInput(of);
    const below = mul(g, sub(g, exp(g, clip(g, x, { max: 0 })), 1), alpha);
    return [mul(g, add(g, relu(g, x), below), gamma)];
  },
  Sign: composed(({ g }, x) => sub(g, cast(g, greater(g, x, 0), x.dtype), cast(g, less(g, x, 0), x.dtype))),
  Softmax: readSoftmax,
  Softsign: composed(({ g }, x) => div(g, x, add(g, abs(g, x), 1))),
  Sum: sumOf,
  Swish: composed(({ g }, x, alpha) => mul(g, x, sigmoid(g, mul(g, x, alpha(1))))),
  ThresholdedRelu: composed(({ g }, x, alpha) => where(g, greater(g, x, alpha(1)), x, 0)),
};
