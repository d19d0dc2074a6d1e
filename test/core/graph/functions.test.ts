import { describe, expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import * as batchNormalisation from '../../../core/graph/ops/batch-normalisation.ts';
import * as dropouts from '../../../core/graph/ops/dropout.ts';
import * as losses from '../../../core/graph/ops/loss.ts';
import { batchNormalization } from '../../../core/graph/ops/normalisation.ts';
import * as noises from '../../../core/graph/ops/noise.ts';
import * as robustLosses from '../../../core/graph/ops/robust-loss.ts';
import { elementCount, float32, numbers } from '../../../core/graph/tensor.ts';
import type { Graph, Port, Value } from '../../../core/graph/value.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { array, interpret } from '../../support/interpreter.ts';
import { checkCases } from './op-cases/case-checks.ts';
import { functionCases } from './op-cases/function-cases.ts';

test.each(Object.keys({ ...batchNormalisation, ...dropouts, ...losses, ...noises, ...robustLosses }))(
  '%s has cases',
  (name) => {
    expect(Object.keys(functionCases), `${name} has no case in test/core/graph/op-cases/function-cases.ts`).toContain(
      name,
    );
  },
);

checkCases(functionCases);

/** The value of a graph's one output for numbers fed to its inputs, all vectors or scalars. */
function valueOf(build: (g: GraphBuilder) => void, feeds: Record<string, number[]> = {}): number[] {
  const g = new GraphBuilder();
  build(g);
  const arrays = Object.entries(feeds).map(([name, list]) => [
    name,
    array(list, list.length === 1 ? [] : [list.length]),
  ]);
  return Object.values(interpret(g.build(), Object.fromEntries(arrays) as Parameters<typeof interpret>[1])).flatMap(
    ({ data }) => [...data],
  );
}

describe('losses by numbers', () => {
  const { squaredError, tripletHinge, cosineDistance } = losses;
  const { huber, charbonnier, gemanMcClure } = robustLosses;
  const [a, b] = [
    [3, 0.5, -2],
    [0, 0, 0],
  ];

  test.each([
    ['squared', squaredError, (9 + 0.25 + 4) / 3],
    ['Huber', huber, (2.5 + 0.125 + 1.5) / 3],
    ['Charbonnier', charbonnier, (Math.hypot(3, 1e-3) + Math.hypot(0.5, 1e-3) + Math.hypot(2, 1e-3)) / 3],
    ['Geman-McClure', gemanMcClure, (0.9 + 0.2 + 0.8) / 3],
  ] as const)('%s', (_, build, expected) => {
    const [found] = valueOf((g) => g.output('y', build(g, g.input('a', [3]), g.input('b', [3]))), { a, b });
    expect(found).toBeCloseTo(expected, 12);
  });

  test('a triplet whose negative is far enough costs nothing', () => {
    const found = valueOf((g) => {
      const at = (x: number): ReturnType<typeof g.constant> => g.constant([x], [1, 1]);
      g.output('far', tripletHinge(g, at(0), at(1), at(2)));
      g.output('near', tripletHinge(g, at(0), at(2), at(1)));
    });
    expect(found).toEqual([0, 4]);
  });

  test('the cosine distance of equal, crossing and opposite directions', () => {
    const found = valueOf((g) => {
      const to = (x: number, y: number): ReturnType<typeof g.constant> => g.constant([x, y], [1, 2]);
      for (const [name, other] of Object.entries({ same: to(2, 2), across: to(-3, 3), opposite: to(-1, -1) })) {
        g.output(name, cosineDistance(g, to(1, 1), other));
      }
    });
    [0, 1, 2].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 9));
  });

  test('cross entropy is stable for large scores, and a weight of 0 leaves a sample out', () => {
    const build = (g: GraphBuilder): void => {
      const targets = g.constant([1, 0, 0, 0, 1, 0], [2, 3]);
      const scores = g.constant([1000, 1000, -1000, 5, 5, 5], [2, 3]);
      g.output('mean', losses.crossEntropy(g, scores, targets));
      g.output('first', losses.crossEntropy(g, scores, targets, g.constant([1, 0], [2])));
    };
    const [mean, first] = valueOf(build);
    expect(mean).toBeCloseTo((Math.log(2) + Math.log(3)) / 2, 10);
    expect(first).toBeCloseTo(Math.log(2), 10);
  });

  test('what does not fit is refused with both shapes', () => {
    const g = new GraphBuilder();
    const [x, y] = [g.input('x', [2, 3]), g.input('y', [3])];
    expect(() => losses.crossEntropy(g, x, y)).toThrow(
      /crossEntropy: targets \[3\], expected \[2, 3\] like the scores/,
    );
    expect(() => squaredError(g, x, 0, y)).toThrow(
      /weights \[3\] for a loss of shape \[2, 3\], expected one per sample/,
    );
  });
});

describe('dropout', () => {
  const { dropout } = dropouts;

  test('keeps its share and the mean, and the gradient follows the same mask', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [100, 100]);
    const y = dropout(g, x, g.input('seed', []), { rate: 0.25 });
    g.output('y', y);
    g.output('dx', backward(g, losses.weightedMean(g, y), [x])[0]);
    const results = interpret(g.build(), {
      x: array(new Array<number>(1e4).fill(1), [100, 100]),
      seed: array([3], []),
    });
    const kept = results['y'].data.filter((value) => value !== 0);
    expect(Math.abs(kept.length - 7500)).toBeLessThan(150);
    expect([...new Set(kept)].every((value) => Math.abs(value - 4 / 3) < 1e-6)).toBe(true);
    results['dx'].data.forEach((value, i) => expect(value * 1e4).toBeCloseTo(results['y'].data[i], 6));
  });

  test('rate 0 changes nothing; a rate of 1 is refused', () => {
    const same = valueOf((g) => g.output('y', dropout(g, g.input('x', [2]), g.constant(5), { rate: 0 })), {
      x: [1, 2],
    });
    expect(same).toEqual([1, 2]);
    const g = new GraphBuilder();
    expect(() => dropout(g, g.input('x', [2]), g.constant(5), { rate: 1 })).toThrow(
      /rate 1, expected from 0 up to but/,
    );
    expect(() => dropout(g, g.input('z', [2]), g.constant([1, 2]), { rate: 0.5 })).toThrow(/expected one number/);
  });
});

describe('noise', () => {
  const noise = (seed: number, shape: number[], stream = 0): number[] =>
    valueOf((g) => g.output('y', noises.uniformNoise(g, g.constant(seed), shape, stream)));
  const correlation = (x: number[], y: number[]): number =>
    (12 * x.reduce((sum, value, i) => sum + (value - 0.5) * (y[i] - 0.5), 0)) / x.length;

  test('is uniform: every sixteenth of the range as often as every other', () => {
    const counts = new Array<number>(16).fill(0);
    for (const value of noise(11, [64, 256])) counts[Math.floor(value * 16)]++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1024) ** 2 / 1024, 0);
    expect(chiSquared).toBeLessThan(37.7); // one in a thousand for 15 degrees of freedom
  });

  test('has no correlation between neighbours, rows, columns, seeds and streams', () => {
    const [rows, columns] = [64, 64];
    const x = noise(5, [rows, columns]);
    const shifted = (by: number): number[] => [...x.slice(by), ...x.slice(0, by)];
    const others = [1, 2, 4, 8, columns, columns + 1, 8 * columns].map(shifted);
    const found = [
      ...others,
      noise(6, [rows, columns]),
      noise(5 + 2048, [rows, columns]),
      noise(5, [rows, columns], 1),
    ];
    for (const other of found) expect(Math.abs(correlation(x, other))).toBeLessThan(4 / Math.sqrt(rows * columns));
  });

  test('is the same to the last bit in float32 and float64', async () => {
    const g = new GraphBuilder();
    g.output('y', noises.uniformNoise(g, g.input('seed', []), [100, 130], 7));
    const session = await openSession(encode(g.build()), { threads: 1 });
    for (const seed of [1, 4_194_303]) {
      const { y } = await session.run({ seed: float32([seed], []) });
      expect(numbers(y)).toEqual([...interpret(g.build(), { seed: array([seed], []) })['y'].data]);
    }
    await session.dispose();
  });

  test('of more elements than it has places for is refused', () => {
    const g = new GraphBuilder();
    expect(() => noises.uniformNoise(g, g.constant(1), [5000, 5000])).toThrow(/at most 2\^24 elements/);
  });
});

test("batch normalisation in training is ONNX Runtime's own", async () => {
  const shapes = { x: [2, 3, 4, 5], scale: [3], bias: [3], mean: [3], variance: [3] };
  const random = createRandom(3);
  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const drawn = Float32Array.from({ length: elementCount(shape) }, () => random.uniform(0.5, 2));
      return [name, float32(drawn, shape)];
    }),
  );
  const inputs = (g: GraphBuilder): Record<keyof typeof shapes, Value> => {
    const [x, scale, bias, mean, variance] = Object.entries(shapes).map(([name, shape]) => g.input(name, shape));
    return { x, scale, bias, mean, variance };
  };
  const ours = new GraphBuilder();
  const values = inputs(ours);
  for (const [name, value] of Object.entries<Value>({
    ...batchNormalisation.trainBatchNormalization(ours, values.x, values),
  })) {
    ours.output(`next ${name}`, value);
  }
  const fixed = new GraphBuilder();
  const plain = inputs(fixed);
  fixed.output('y', batchNormalization(fixed, plain.x, plain));
  const graph = fixed.build();
  const running = ['mean', 'variance'].map((name): Port => {
    return { name: `next ${name}`, value: { id: `next ${name}`, shape: [3], dtype: 'float32' }, dynamic: {} };
  });
  const training = graph.nodes.map((node) => ({
    ...node,
    attributes: { ...node.attributes, training_mode: 1 },
    outputs: [...node.outputs, ...running.map(({ value }) => value)],
  }));
  const theirs: Graph = { ...graph, nodes: training, outputs: [...graph.outputs, ...running] };
  const [found, expected] = await Promise.all(
    [ours.build(), theirs].map(async (of) => {
      const session = await openSession(encode(of), { threads: 1 });
      const results = await session.run(feeds);
      await session.dispose();
      return Object.values(results).flatMap(numbers);
    }),
  );
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
});

test('batch normalisation refuses statistics of another size', () => {
  const g = new GraphBuilder();
  const [x, c, wrong] = [g.input('x', [2, 3, 4]), g.input('c', [3]), g.input('wrong', [2])];
  const all = { scale: c, bias: c, mean: c, variance: wrong };
  expect(() => batchNormalisation.trainBatchNormalization(g, x, all)).toThrow(
    /variance is \[2\], expected \[3\] for x \[2, 3, 4\]/,
  );
});
