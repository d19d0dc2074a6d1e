import { GraphError } from './graph-error.ts';
import { add, div, max, min, mul, pow, sub } from './ops/arithmetic.ts';
import { sqrt } from './ops/elementwise.ts';
import { reduceSum } from './ops/reduce.ts';
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

/** What both optimisers take. */
export interface OptimiserOptions {
  /** Step length, a scalar value (an input, so that schedules need no new graph). */
  readonly learningRate: Value;
  /** Factors on the learning rate of single parameters. */
  readonly multipliers?: Readonly<Record<string, number>>;
  /** Share of each parameter taken off per step, times the learning rate, apart from the gradient. */
  readonly weightDecay?: number;
}

/** Adam's constants; `step` is a scalar value that counts from 1. */
export interface AdamOptions extends OptimiserOptions {
  readonly step: Value;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * Adds one Adam step: each parameter `X` gets the output `X.next`, its moments the inputs `X.m`, `X.v` and the outputs
 * `X.m.next`, `X.v.next`. **Source**: Kingma and Ba 2015, with decoupled weight decay (Loshchilov and Hutter 2019).
 */
export function adam(
  g: StateBuilder,
  parameters: NamedParameters,
  gradients: readonly Value[],
  options: AdamOptions,
): void {
  const { learningRate, step, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const correction1 = sub(g, 1, pow(g, g.constant(beta1, [], step.dtype), step));
  const correction2 = sqrt(g, sub(g, 1, pow(g, g.constant(beta2, [], step.dtype), step)));
  const rate = div(g, mul(g, learningRate, correction2), correction1);
  const smallest = mul(g, correction2, epsilon);
  for (const [name, parameter, gradient] of paired(parameters, gradients)) {
    const m = g.input(`${name}.m`, parameter.shape, parameter.dtype);
    const v = g.input(`${name}.v`, parameter.shape, parameter.dtype);
    const mNext = add(g, mul(g, m, beta1), mul(g, gradient, 1 - beta1));
    const vNext = add(g, mul(g, v, beta2), mul(g, mul(g, gradient, gradient), 1 - beta2));
    const change = div(g, mNext, add(g, sqrt(g, vNext), smallest));
    g.output(
      `${name}.next`,
      sub(g, decayed(g, name, parameter, options), mul(g, change, scaled(g, name, rate, options))),
    );
    g.output(`${name}.m.next`, mNext);
    g.output(`${name}.v.next`, vNext);
  }
}

/** The parameters with zero moments: the first state of a graph with `adam`. */
export function adamState(parameters: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return withMoments(parameters, ['m', 'v']);
}

/**
 * Adds one step of stochastic gradient descent, with momentum m' = momentum m + gradient if given: each parameter `X`
 * gets the output `X.next`, and with momentum the input `X.m` and the output `X.m.next`.
 */
export function sgd(
  g: StateBuilder,
  parameters: NamedParameters,
  gradients: readonly Value[],
  options: OptimiserOptions & { readonly momentum?: number },
): void {
  for (const [name, parameter, gradient] of paired(parameters, gradients)) {
    let change = gradient;
    if (options.momentum) {
      change = add(g, mul(g, g.input(`${name}.m`, parameter.shape, parameter.dtype), options.momentum), gradient);
      g.output(`${name}.m.next`, change);
    }
    const rate = scaled(g, name, options.learningRate, options);
    g.output(`${name}.next`, sub(g, decayed(g, name, parameter, options), mul(g, change, rate)));
  }
}

/** The parameters with zero moments: the first state of a graph with `sgd` and momentum. */
export function sgdState(parameters: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return withMoments(parameters, ['m']);
}

/** Gradients scaled down together where their common Euclidean norm is above `maxNorm`, and that norm. */
export function clipByNorm(
  g: Builder,
  gradients: readonly Value[],
  maxNorm: number,
): { gradients: Value[]; norm: Value } {
  const squares = gradients.map((gradient) => reduceSum(g, mul(g, gradient, gradient)));
  const norm = sqrt(
    g,
    squares.reduce((a, b) => add(g, a, b)),
  );
  const factor = min(g, div(g, maxNorm, max(g, norm, 1e-12)), 1);
  return { gradients: gradients.map((gradient) => mul(g, gradient, factor)), norm };
}

function paired(parameters: NamedParameters, gradients: readonly Value[]): [string, Value, Value][] {
  const names = Object.keys(parameters);
  if (names.length !== gradients.length) {
    throw new GraphError(`${gradients.length} gradients for ${names.length} parameters (${names.join(', ')})`);
  }
  return names.map((name, i) => {
    if (!sameShape(parameters[name].shape, gradients[i].shape)) {
      throw new GraphError(
        `the gradient of '${name}' is ${shapeText(gradients[i].shape)}, expected ${shapeText(parameters[name].shape)}`,
      );
    }
    return [name, parameters[name], gradients[i]];
  });
}

function scaled(g: Builder, name: string, rate: Value, { multipliers }: OptimiserOptions): Value {
  const factor = multipliers?.[name] ?? 1;
  return factor === 1 ? rate : mul(g, rate, factor);
}

function decayed(g: Builder, name: string, parameter: Value, options: OptimiserOptions): Value {
  if (!options.weightDecay) return parameter;
  const share = mul(g, scaled(g, name, options.learningRate, options), options.weightDecay);
  return mul(g, parameter, sub(g, 1, share));
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
