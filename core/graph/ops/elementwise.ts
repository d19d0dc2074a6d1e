import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  type Builder,
  float,
  type Gradient,
  type Inferred,
  inputOf,
  type OpCall,
  type OpRule,
  required,
  shapeText,
} from '../rule.ts';
import { elementCount } from '../tensor.ts';
import type { Value } from '../value.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { type Operand, operand } from './broadcast.ts';
import { cast, greater, less, where } from './compare.ts';

/** Ops that know whole numbers too; the others are of floats alone. */
const ofWholeNumbers = new Set<OpName>(['Abs', 'Clip', 'Neg', 'Relu']);

function sameAsInput(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const most = call.op === 'Clip' ? 3 : 1;
  if (call.inputs.slice(most).some((input) => input !== null))
    throw new GraphError(`${call.op}: ${call.inputs.length} inputs, expected ${most}; take the others away`);
  const allowed = dtype.startsWith('float') || (dtype !== 'bool' && ofWholeNumbers.has(call.op));
  if (!allowed) {
    const expected = ofWholeNumbers.has(call.op) ? 'numbers' : 'float32 or float64';
    throw new GraphError(`${call.op}: input 0 is ${dtype}, expected ${expected}; cast it first`);
  }
  return [{ shape, dtype }];
}

function inferClip(call: OpCall): Inferred[] {
  const { dtype } = required(call, 0);
  for (const index of [1, 2]) {
    const bound = call.inputs[index];
    if (!bound || (bound.dtype === dtype && elementCount(bound.shape) === 1)) continue;
    throw new GraphError(
      `Clip: bound ${index} is ${bound.dtype} ${shapeText(bound.shape)}, expected a single ${dtype}`,
    );
  }
  return sameAsInput(call);
}

function unary(gradient: OpRule['gradient']): OpRule {
  return { infer: sameAsInput, gradient };
}

function stepFunction(name: string): OpRule {
  return unary({ none: `${name} is a step function; detach its input if no gradient shall pass` });
}

const outputTimes =
  (derivative: (g: Builder, y: Value) => Value): Gradient =>
  (g, node, dy) => [mul(g, dy, derivative(g, node.outputs[0]))];

const inputTimes =
  (derivative: (g: Builder, x: Value) => Value): Gradient =>
  (g, node, dy) => [mul(g, dy, derivative(g, inputOf(node, 0)))];

/** Ops of one input that work on each element alone. */
export const elementwiseRules = {
  Abs: unary(inputTimes((g, x) => sub(g, cast(g, greater(g, x, 0), x.dtype), cast(g, less(g, x, 0), x.dtype)))),
  Ceil: stepFunction('Ceil'),
  Clip: {
    infer: inferClip,
    gradient: (g, node, dy) => [
      mul(g, dy, cast(g, g.node('Equal', [inputOf(node, 0), node.outputs[0]]), dy.dtype)),
      null,
      null,
    ],
  },
  Cos: unary(inputTimes((g, x) => neg(g, sin(g, x)))),
  Elu: unary((g, node, dy) => {
    const alpha = float(node.attributes, 'alpha', 1);
    return [mul(g, dy, where(g, greater(g, inputOf(node, 0), 0), 1, add(g, node.outputs[0], alpha)))];
  }),
  Erf: unary(inputTimes((g, x) => mul(g, exp(g, neg(g, mul(g, x, x))), 2 / Math.sqrt(Math.PI)))),
  Exp: unary(outputTimes((_, y) => y)),
  Floor: stepFunction('Floor'),
  Identity: { infer: (call) => [required(call, 0)], gradient: (_g, _node, dy) => [dy] },
  LeakyRelu: unary((g, node, dy) => {
    const slope = float(node.attributes, 'alpha', 0.01);
    const positive = cast(g, greater(g, inputOf(node, 0), 0), dy.dtype);
    return [mul(g, dy, add(g, mul(g, positive, 1 - slope), slope))];
  }),
  Log: unary((g, node, dy) => [div(g, dy, inputOf(node, 0))]),
  Neg: unary((g, _, dy) => [neg(g, dy)]),
  Reciprocal: unary(outputTimes((g, y) => neg(g, mul(g, y, y)))),
  Relu: unary((g, node, dy) => [mul(g, dy, cast(g, greater(g, node.outputs[0], 0), dy.dtype))]),
  Round: stepFunction('Round'),
  Sigmoid: unary(outputTimes((g, y) => mul(g, y, sub(g, 1, y)))),
  Sin: unary(inputTimes((g, x) => cos(g, x))),
  Softplus: unary(inputTimes((g, x) => sigmoid(g, x))),
  Sqrt: unary((g, node, dy) => [div(g, mul(g, dy, 0.5), node.outputs[0])]),
  Tanh: unary(outputTimes((g, y) => sub(g, 1, mul(g, y, y)))),
} satisfies Partial<Record<OpName, OpRule>>;

type Unary = (g: Builder, x: Value) => Value;
const forward =
  (op: OpName): Unary =>
  (g, x) =>
    g.node(op, [x]);

/** |x|; gradient 0 at 0. */
export const abs = forward('Abs');
/** x rounded up; not differentiable. */
export const ceil = forward('Ceil');
/** Cosine of radians; loses four digits on some GPUs, so keep it out of graphs that run there. */
export const cos = forward('Cos');
/** The error function. */
export const erf = forward('Erf');
/** e to the x. */
export const exp = forward('Exp');
/** x rounded down; not differentiable. */
export const floor = forward('Floor');
/** x itself, as a new value. */
export const identity = forward('Identity');
/** Natural logarithm. */
export const log = forward('Log');
/** -x. */
export const neg = forward('Neg');
/** 1 / x. */
export const reciprocal = forward('Reciprocal');
/** max(x, 0); gradient 0 at 0. */
export const relu = forward('Relu');
/** x rounded to the nearest whole number, halves to even; not differentiable. WebGPU leaves it to the processor. */
export const round = forward('Round');
/** 1 / (1 + e^-x). */
export const sigmoid = forward('Sigmoid');
/** Sine of radians; see `cos`. */
export const sin = forward('Sin');
/** log(1 + e^x), stable. */
export const softplus = forward('Softplus');
/** Square root. */
export const sqrt = forward('Sqrt');
/** Hyperbolic tangent. */
export const tanh = forward('Tanh');

/** x where positive, `slope` x elsewhere. */
export function leakyRelu(g: Builder, x: Value, slope = 0.01): Value {
  return g.node('LeakyRelu', [x], { alpha: { float: slope } });
}

/** x where positive, alpha (e^x - 1) elsewhere. **Source**: Clevert et al. 2016. */
export function elu(g: Builder, x: Value, alpha = 1): Value {
  return g.node('Elu', [x], { alpha: { float: alpha } });
}

/**
 * x times the normal distribution function of x, or its approximation by tanh. Built of older ops, because the op of that
 * name came after opset 18; ONNX Runtime recognises the form. **Source**: Hendrycks and Gimpel 2016.
 */
export function gelu(g: Builder, x: Value, form: 'exact' | 'tanh' = 'exact'): Value {
  if (form === 'exact') return mul(g, mul(g, x, add(g, erf(g, div(g, x, Math.SQRT2)), 1)), 0.5);
  const bent = add(g, x, mul(g, mul(g, x, mul(g, x, x)), 0.044715));
  return mul(g, mul(g, x, add(g, tanh(g, mul(g, bent, Math.sqrt(2 / Math.PI))), 1)), 0.5);
}

/** x held between `min` and `max` (either may be left out); the gradient passes where x is inside or on a bound. */
export function clip(g: Builder, x: Value, { min, max }: { min?: Operand; max?: Operand }): Value {
  const bound = (of: Operand | undefined): Value | null => (of === undefined ? null : operand(g, of, x));
  return g.node('Clip', [x, bound(min), bound(max)]);
}
