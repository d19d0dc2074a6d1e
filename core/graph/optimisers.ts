import { GraphError } from './graph-error.ts';
import { add, div, mul, pow, sub } from './ops/arithmetic.ts';
import { sqrt } from './ops/elementwise.ts';
import { type ParameterGroups, ratesOf } from './parameter-groups.ts';
import { type Builder, shapeText } from './rule.ts';
import { sameShape, type Tensor, zeros } from './tensor.ts';
import type { DynamicAxes, Value } from './value.ts';

/** Parameters to learn by the name of their graph input; frozen ones are simply not listed. */
export type NamedParameters = Readonly<Record<string, Value>>;

/** A builder that can declare the inputs and outputs that carry training state. */
export interface StateBuilder extends Builder {
  input(name: string, shape: readonly number[], dtype?: Value['dtype']): Value;
  output(name: string, value: Value, dynamic?: DynamicAxes): void;
}

/** What all optimisers take. */
export interface OptimiserOptions {
  /** Step length, a scalar value (an input, so that schedules need no new graph). */
  readonly learningRate: Value;
  /** Parameters that learn at another rate or decay otherwise. */
  readonly groups?: ParameterGroups;
  /** Pull toward 0; how it acts is said at each optimiser. */
  readonly weightDecay?: number;
}

/** What gradient descent takes besides. */
export interface SgdOptions extends OptimiserOptions {
  readonly momentum?: number;
  /** Looks one step ahead along the momentum. */
  readonly nesterov?: boolean;
}

/** Adam's constants; `step` is a scalar value that counts from 1. */
export interface AdamOptions extends OptimiserOptions {
  readonly step: Value;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** Parameter and gradient at hand, with what its group says of it. */
interface Learning {
  readonly name: string;
  readonly parameter: Value;
  readonly gradient: Value;
  readonly rate: Value;
  readonly weightDecay: number;
}

/**
 * Adds one step of stochastic gradient descent: each parameter `X` gets the output `X.next`; with momentum (m' = momentum
 * m + gradient) also the input `X.m` and the output `X.m.next`. Weight decay adds weightDecay X to the gradient.
 * **Throws** GraphError for Nesterov's form without momentum. **Source**: Sutskever et al. 2013, as PyTorch's SGD.
 */
export function sgd(
  g: StateBuilder,
  parameters: NamedParameters,
  gradients: readonly Value[],
  options: SgdOptions,
): void {
  const { momentum = 0, nesterov = false } = options;
  if (nesterov && momentum === 0) throw new GraphError('sgd: nesterov needs a momentum above 0, found 0');
  for (const learning of paired(g, parameters, gradients, options)) {
    const { name, parameter, rate } = learning;
    const gradient = decayedGradient(g, learning);
    let change = gradient;
    if (momentum !== 0) {
      const m = g.input(`${name}.m`, parameter.shape, parameter.dtype);
      const mNext = add(g, mul(g, m, momentum), gradient);
      g.output(`${name}.m.next`, mNext);
      change = nesterov ? add(g, gradient, mul(g, mNext, momentum)) : mNext;
    }
    g.output(`${name}.next`, sub(g, parameter, mul(g, change, rate)));
  }
}

/**
 * Adds one Adam step: each parameter `X` gets the output `X.next`, its moments the inputs `X.m`, `X.v` and the outputs
 * `X.m.next`, `X.v.next`. Weight decay adds weightDecay X to the gradient. **Source**: Kingma and Ba 2015.
 */
export function adam(
  g: StateBuilder,
  parameters: NamedParameters,
  gradients: readonly Value[],
  options: AdamOptions,
): void {
  const changeOf = adamChanges(g, options);
  for (const learning of paired(g, parameters, gradients, options)) {
    const { name, parameter } = learning;
    g.output(`${name}.next`, sub(g, parameter, changeOf(learning, decayedGradient(g, learning))));
  }
}

/**
 * Adds one AdamW step, with the names of `adam`: weight decay is apart from the gradient and takes the share weightDecay
 * times the learning rate off each parameter. **Source**: Loshchilov and Hutter 2019.
 */
export function adamW(
  g: StateBuilder,
  parameters: NamedParameters,
  gradients: readonly Value[],
  options: AdamOptions,
): void {
  const changeOf = adamChanges(g, options);
  for (const learning of paired(g, parameters, gradients, options)) {
    const { name, parameter, gradient, rate, weightDecay } = learning;
    const kept = weightDecay === 0 ? parameter : mul(g, parameter, sub(g, 1, mul(g, rate, weightDecay)));
    g.output(`${name}.next`, sub(g, kept, changeOf(learning, gradient)));
  }
}

/** The parameters with zero moments: the first state of a graph with `adam` or `adamW`. */
export function adamState(parameters: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return withMoments(parameters, ['m', 'v']);
}

/** The parameters with zero moments: the first state of a graph with `sgd` and momentum. */
export function sgdState(parameters: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return withMoments(parameters, ['m']);
}

/**
 * What Adam takes off a parameter: rate times m' / (sqrt(v') + epsilon), both moments corrected for having started at 0.
 * Declares and outputs the moments. The corrections are made once for all parameters.
 */
function adamChanges(g: StateBuilder, options: AdamOptions): (learning: Learning, gradient: Value) => Value {
  const { step, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const correction1 = sub(g, 1, pow(g, g.constant(beta1, [], step.dtype), step));
  const correction2 = sqrt(g, sub(g, 1, pow(g, g.constant(beta2, [], step.dtype), step)));
  const smallest = mul(g, correction2, epsilon);
  const lengths = new Map<string, Value>();
  return ({ name, parameter, rate }, gradient) => {
    const m = g.input(`${name}.m`, parameter.shape, parameter.dtype);
    const v = g.input(`${name}.v`, parameter.shape, parameter.dtype);
    const mNext = add(g, mul(g, m, beta1), mul(g, gradient, 1 - beta1));
    const vNext = add(g, mul(g, v, beta2), mul(g, mul(g, gradient, gradient), 1 - beta2));
    g.output(`${name}.m.next`, mNext);
    g.output(`${name}.v.next`, vNext);
    const length = lengths.get(rate.id) ?? div(g, mul(g, rate, correction2), correction1);
    lengths.set(rate.id, length);
    return mul(g, div(g, mNext, add(g, sqrt(g, vNext), smallest)), length);
  };
}

function decayedGradient(g: Builder, { gradient, parameter, weightDecay }: Learning): Value {
  return weightDecay === 0 ? gradient : add(g, gradient, mul(g, parameter, weightDecay));
}

function paired(
  g: Builder,
  parameters: NamedParameters,
  gradients: readonly Value[],
  { learningRate, groups = {}, weightDecay = 0 }: OptimiserOptions,
): Learning[] {
  const names = Object.keys(parameters);
  if (names.length !== gradients.length) {
    throw new GraphError(`${gradients.length} gradients for ${names.length} parameters (${names.join(', ')})`);
  }
  const rates = ratesOf(names, groups);
  const scaled = new Map<number, Value>([[1, learningRate]]);
  const times = (factor: number): Value => {
    const found = scaled.get(factor) ?? mul(g, learningRate, factor);
    scaled.set(factor, found);
    return found;
  };
  return names.map((name, i) => {
    const [parameter, gradient, own] = [parameters[name], gradients[i], rates[i]];
    if (!sameShape(parameter.shape, gradient.shape)) {
      throw new GraphError(
        `the gradient of '${name}' is ${shapeText(gradient.shape)}, expected ${shapeText(parameter.shape)}`,
      );
    }
    const { rate: factor = 1, weightDecay: decay = weightDecay } = own;
    return { name, parameter, gradient, rate: times(factor), weightDecay: decay };
  });
}

function withMoments(
  parameters: Readonly<Record<string, Tensor>>,
  suffixes: readonly string[],
): Record<string, Tensor> {
  const state: Record<string, Tensor> = { ...parameters };
  for (const [name, { shape, dtype }] of Object.entries(parameters)) {
    for (const suffix of suffixes) state[`${name}.${suffix}`] = zeros(shape, dtype);
  }
  return state;
}
