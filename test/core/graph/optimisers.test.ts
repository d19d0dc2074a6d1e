import { expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { squaredError } from '../../../core/graph/ops/loss.ts';
import { adam, adamState, clipByNorm, sgd, sgdState } from '../../../core/graph/optimisers.ts';
import { float32, floats, scalar } from '../../../core/graph/tensor.ts';
import { openStepper } from '../../../core/runtime/stepper.ts';
import { array, interpret } from '../../support/interpreter.ts';

const start = [1, -2, 0.5];
const goal = [0, 1, 2];

/** mean((w - goal)²) and its gradient in plain numbers. */
const slope = (w: number[]): number[] => w.map((value, i) => (2 * (value - goal[i])) / 3);

async function train(optimise: 'adam' | 'momentum' | 'plain' | 'decay', steps: number): Promise<Float32Array> {
  const g = new GraphBuilder();
  const w = g.input('w', [3]);
  const [learningRate, step] = [g.input('rate', []), g.input('step', [])];
  const loss = squaredError(g, w, g.constant(goal));
  const gradients = backward(g, loss, [w]);
  if (optimise === 'adam') adam(g, { w }, gradients, { learningRate, step });
  else if (optimise === 'decay') sgd(g, { w }, gradients, { learningRate, weightDecay: 0.5, multipliers: { w: 0.5 } });
  else sgd(g, { w }, gradients, { learningRate, ...(optimise === 'momentum' && { momentum: 0.9 }) });
  g.output('loss', loss);
  const parameters = { w: float32(start, [3]) };
  const initial = {
    adam: adamState,
    momentum: sgdState,
    plain: (of: typeof parameters) => of,
    decay: (of: typeof parameters) => of,
  };
  const stepper = await openStepper(g.build(), initial[optimise](parameters), { threads: 1 });
  for (let i = 1; i <= steps; i++) {
    const results = await stepper.step({ rate: scalar(0.1), step: scalar(i) });
    expect(Object.keys(results)).toEqual(['loss']);
  }
  const state = await stepper.state();
  await stepper.dispose();
  return floats(state['w']);
}

function expectClose(found: Float32Array, expected: number[]): void {
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 4));
}

test('Adam follows its formula', async () => {
  let w = [...start];
  let [m, v] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let i = 1; i <= 20; i++) {
    const gradient = slope(w);
    m = m.map((value, k) => 0.9 * value + 0.1 * gradient[k]);
    v = v.map((value, k) => 0.999 * value + 0.001 * gradient[k] ** 2);
    w = w.map((value, k) => value - (0.1 * (m[k] / (1 - 0.9 ** i))) / (Math.sqrt(v[k] / (1 - 0.999 ** i)) + 1e-8));
  }
  expectClose(await train('adam', 20), w);
});

test('gradient descent with and without momentum follows its formula', async () => {
  for (const momentum of [0.9, 0]) {
    let w = [...start];
    let m = [0, 0, 0];
    for (let i = 0; i < 20; i++) {
      const gradient = slope(w);
      m = m.map((value, k) => momentum * value + gradient[k]);
      w = w.map((value, k) => value - 0.1 * m[k]);
    }
    expectClose(await train(momentum === 0 ? 'plain' : 'momentum', 20), w);
  }
});

test('weight decay and a parameter with its own learning rate', async () => {
  let w = [...start];
  for (let i = 0; i < 5; i++) {
    const gradient = slope(w);
    w = w.map((value, k) => value * (1 - 0.05 * 0.5) - 0.05 * gradient[k]);
  }
  expectClose(await train('decay', 5), w);
});

test('gradients above the norm are scaled together, those below are not', () => {
  const g = new GraphBuilder();
  const [a, b] = [g.input('a', [2]), g.input('b', [1])];
  const { gradients, norm } = clipByNorm(g, [a, b], 5);
  g.output('a.clipped', gradients[0]);
  g.output('b.clipped', gradients[1]);
  g.output('norm', norm);
  const graph = g.build();
  const large = interpret(graph, { a: array([6, 0], [2]), b: array([8], [1]) });
  expect([...large['a.clipped'].data, ...large['b.clipped'].data, ...large['norm'].data]).toEqual([3, 0, 4, 10]);
  const small = interpret(graph, { a: array([0.5, 0], [2]), b: array([1], [1]) });
  expect([...small['a.clipped'].data, ...small['b.clipped'].data]).toEqual([0.5, 0, 1]);
  const none = interpret(graph, { a: array([0, 0], [2]), b: array([0], [1]) });
  expect([...none['a.clipped'].data, ...none['b.clipped'].data]).toEqual([0, 0, 0]);
});

test('gradients that do not match their parameters are refused', () => {
  const g = new GraphBuilder();
  const [w, rate, step] = [g.input('w', [3]), g.input('rate', []), g.input('step', [])];
  expect(() => sgd(g, { w }, [], { learningRate: rate })).toThrow(/0 gradients for 1 parameters \(w\)/);
  expect(() => adam(g, { w }, [rate], { learningRate: rate, step })).toThrow(/gradient of 'w' is \[\], expected \[3\]/);
});
