import { describe, expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { mul } from '../../../core/graph/ops/arithmetic.ts';
import { squaredError } from '../../../core/graph/ops/loss.ts';
import { reduceSum } from '../../../core/graph/ops/reduce.ts';
import {
  adam,
  type AdamOptions,
  adamState,
  adamW,
  sgd,
  type SgdOptions,
  sgdState,
} from '../../../core/graph/optimisers.ts';
import { float32, floats, scalar, type Tensor } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { array, interpret } from '../../support/interpreter.ts';

type Optimiser =
  | readonly ['sgd', Omit<SgdOptions, 'learningRate'>]
  | readonly ['adam' | 'adamW', Omit<AdamOptions, 'learningRate' | 'step'>];

const start = [1, -2, 0.5];
const goal = [0, 1, 2];
const rate = 0.1;

/** mean((w - goal)²) and its gradient in plain numbers. */
const slope = (w: number[]): number[] => w.map((value, i) => (2 * (value - goal[i])) / 3);

/** Steps in ONNX Runtime, every output fed back to the input of its name. */
async function train(optimiser: Optimiser, steps: number): Promise<number[]> {
  const g = new GraphBuilder();
  const w = g.input('w', [3]);
  const [learningRate, step] = [g.input('rate', []), g.input('step', [])];
  const gradients = backward(g, squaredError(g, w, g.constant(goal)), [w]);
  const [name, options] = optimiser;
  if (name === 'sgd') sgd(g, { w }, gradients, { learningRate, ...options });
  else (name === 'adam' ? adam : adamW)(g, { w }, gradients, { learningRate, step, ...options });
  const session = await openSession(encode(g.build()), { threads: 1 });
  const first = { w: float32(start, [3]) };
  const state: Record<string, Tensor> =
    name !== 'sgd' ? adamState(first) : options.momentum === undefined ? first : sgdState(first);
  for (let i = 1; i <= steps; i++) {
    const known = { rate: scalar(rate), step: scalar(i) };
    const feeds = Object.fromEntries(
      session.inputNames.map((port) => [port, port in known ? known[port as keyof typeof known] : state[port]]),
    );
    const results = await session.run(feeds);
    for (const [port, value] of Object.entries(results)) state[port.replace(/\.next$/, '')] = value;
  }
  await session.dispose();
  return [...floats(state['w'])];
}

/** The same in plain numbers, after the formulas of PyTorch's documentation. */
function expected([name, options]: Optimiser, steps: number): number[] {
  let w = [...start];
  let [m, v] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  const decay = options.weightDecay ?? 0;
  for (let i = 1; i <= steps; i++) {
    const apart = name === 'adamW';
    const gradient = slope(w).map((value, k) => value + (apart ? 0 : decay * w[k]));
    if (name === 'sgd') {
      const momentum = options.momentum ?? 0;
      m = m.map((value, k) => momentum * value + gradient[k]);
      const change = options.nesterov ? gradient.map((value, k) => value + momentum * m[k]) : m;
      w = w.map((value, k) => value - rate * change[k]);
      continue;
    }
    m = m.map((value, k) => 0.9 * value + 0.1 * gradient[k]);
    v = v.map((value, k) => 0.999 * value + 0.001 * gradient[k] ** 2);
    const kept = apart ? w.map((value) => value * (1 - rate * decay)) : w;
    w = kept.map((value, k) => value - (rate * (m[k] / (1 - 0.9 ** i))) / (Math.sqrt(v[k] / (1 - 0.999 ** i)) + 1e-8));
  }
  return w;
}

const optimisers: Optimiser[] = [
  ['sgd', {}],
  ['sgd', { weightDecay: 0.2 }],
  ['sgd', { momentum: 0.9 }],
  ['sgd', { momentum: 0.9, nesterov: true }],
  ['sgd', { momentum: 0.5, nesterov: true, weightDecay: 0.2 }],
  ['adam', {}],
  ['adam', { weightDecay: 0.2 }],
  ['adamW', { weightDecay: 0.2 }],
];

test.each(optimisers)('%s %j follows its formula for 20 steps', async (...optimiser) => {
  const found = await train(optimiser, 20);
  expected(optimiser, 20).forEach((value, k) => expect(found[k]).toBeCloseTo(value, 4));
});

describe('groups', () => {
  /** The next values of parameters at 1 whose gradient is 1, at learning rate 0.1. */
  function steps(names: string[], groups: SgdOptions['groups'], weightDecay = 0): number[] {
    const g = new GraphBuilder();
    const parameters = Object.fromEntries(names.map((name) => [name, g.input(name, [])]));
    const total = Object.values(parameters).map((value) => reduceSum(g, mul(g, value, 1)));
    const gradients = total.map((loss, i) => backward(g, loss, [parameters[names[i]]])[0]);
    sgd(g, parameters, gradients, { learningRate: g.input('rate', []), weightDecay, ...(groups && { groups }) });
    const feeds = Object.fromEntries([...names.map((name) => [name, 1] as const), ['rate', rate] as const]);
    const arrays = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, array([value], [])]));
    const results = interpret(g.build(), arrays);
    return names.map((name) => results[`${name}.next`].data[0]);
  }

  test('a group holds a parameter by its name or its beginning; the longest counts', () => {
    const names = ['net.1.weight', 'net.1.bias', 'net.10.weight', 'network'];
    const found = steps(names, { net: { rate: 0.5 }, 'net.1': { rate: 2 }, 'net.1.bias': { rate: 0 } });
    [0.8, 1, 0.95, 0.9].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 9));
  });

  test('a group may decay otherwise', () => {
    const found = steps(['a', 'b'], { b: { weightDecay: 0 } }, 0.5);
    [0.85, 0.9].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 9));
  });

  test('a group without parameters is a mistake', () => {
    expect(() => steps(['net.1'], { nett: { rate: 0.1 } })).toThrow(/group 'nett' holds none of the parameters net.1/);
  });
});

test('what does not fit is refused', () => {
  const g = new GraphBuilder();
  const [w, learningRate, step] = [g.input('w', [3]), g.input('rate', []), g.input('step', [])];
  expect(() => sgd(g, { w }, [], { learningRate })).toThrow(/0 gradients for 1 parameters \(w\)/);
  expect(() => adam(g, { w }, [learningRate], { learningRate, step })).toThrow(
    /gradient of 'w' is \[\], expected \[3\]/,
  );
  expect(() => sgd(g, { w }, [w], { learningRate, nesterov: true })).toThrow(/nesterov needs a momentum above 0/);
});
