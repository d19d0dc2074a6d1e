import { backward } from '../graph/backward.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { conv } from '../graph/ops/convolution.ts';
import { relu } from '../graph/ops/elementwise.ts';
import { scatterElements } from '../graph/ops/indexing.ts';
import { reshape } from '../graph/ops/movement.ts';
import { reduceMean } from '../graph/ops/reduce.ts';
import { gridSample } from '../graph/ops/sample.ts';
import { adam, adamState } from '../graph/optimisers.ts';
import { elementCount, float32, int64, scalar, type Tensor } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';

/** A training graph, the state before its first step, and what every step is fed. */
export interface SelfTest {
  readonly graph: Graph;
  readonly state: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/** How large a self-test is: images of `side` pixels, and maps that a convolution makes of each. */
export interface SelfTestSize {
  readonly batch: number;
  readonly side: number;
  readonly channels: number;
}

/** The size that the stored results belong to. */
const testSize: SelfTestSize = { batch: 4, side: 16, channels: 8 };

/** The size at which providers are timed: large enough that a graphics card can show what it is worth. */
export const timedSize: SelfTestSize = { batch: 32, side: 48, channels: 16 };

/**
 * A small training graph with what transformers are made of: a convolution, a sampler with the gradient to its grid and to
 * its input, a scatter that adds, and one Adam step. Its numbers follow from a fixed sequence.
 */
export function selfTest({ batch, side, channels }: SelfTestSize = testSize): SelfTest {
  const state = adamState({
    kernel: numbers([channels, 1, 3, 3], 1),
    grid: numbers([batch, side, side, 2], 2),
    bias: numbers([1, channels, 1, 1], 3),
  });
  const g = new GraphBuilder();
  const x = g.input('x', [batch, 1, side, side]);
  const parameters = Object.fromEntries(
    ['kernel', 'grid', 'bias'].map((name) => [name, g.input(name, state[name].shape)]),
  );
  const seen = relu(g, add(g, conv(g, x, parameters['kernel'], null, { pads: [1, 1, 1, 1] }), parameters['bias']));
  const crop = reshape(g, gridSample(g, seen, parameters['grid']), [batch, channels, side * side]);
  const moved = scatterElements(g, crop, g.input('to', crop.shape, 'int64'), crop, 2, 'add');
  const difference = sub(g, moved, g.input('goal', moved.shape));
  const loss = reduceMean(g, mul(g, difference, difference));
  const wanted = Object.values(parameters);
  adam(g, parameters, backward(g, loss, wanted), { learningRate: g.input('rate', []), step: g.input('step', []) });
  g.output('loss', loss);
  const to = Array.from({ length: elementCount(crop.shape) }, (_, i) => (7 * i) % (side * side));
  return {
    graph: g.build(),
    state,
    feeds: {
      x: numbers([batch, 1, side, side], 4),
      goal: numbers(crop.shape, 5),
      to: int64(to, crop.shape),
      rate: scalar(0.01),
      step: scalar(1),
    },
  };
}

/** Sums over every tensor that a step gives, weighted by a fixed sequence: few numbers that notice any wrong one. */
export function digest(outputs: Readonly<Record<string, Tensor>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data, shape }]) => {
      const weights = sequence(elementCount(shape), 6);
      const sum = weights.reduce((total, weight, i) => total + weight * Number(data[i]), 0);
      return [name, sum / Math.sqrt(elementCount(shape))];
    }),
  );
}

function numbers(shape: readonly number[], seed: number): Tensor {
  return float32(sequence(elementCount(shape), seed), shape);
}

/** Numbers in [-1, 1) from a multiplicative congruential sequence (Lehmer's, with modulus 2^31 - 1). */
function sequence(count: number, seed: number): Float32Array {
  let state = 48271 * seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return state / 1073741823.5 - 1;
  });
}
