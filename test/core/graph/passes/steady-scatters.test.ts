import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { encode } from '../../../../core/graph/encode.ts';
import { mul } from '../../../../core/graph/ops/arithmetic.ts';
import { scatterND } from '../../../../core/graph/ops/indexing-nd.ts';
import { reshape, zerosOf } from '../../../../core/graph/ops/movement.ts';
import { steadyScatters } from '../../../../core/graph/passes/steady-scatters.ts';
import { rewrite } from '../../../../core/graph/passes/rewrite.ts';
import { elementCount, numbers, tensor, zeros } from '../../../../core/graph/tensor.ts';
import type { Graph } from '../../../../core/graph/value.ts';
import { openSession } from '../../../../core/runtime/session.ts';

/** Adds `count` blocks of ones into `places` rows of `block`, each row named as often as the others. */
function crowded(count: number, places: number, block: readonly number[]): Graph {
  const g = new GraphBuilder();
  const [x, updates] = [g.input('x', [places, ...block]), g.input('updates', [count, ...block])];
  g.output('sums', scatterND(g, x, g.input('indices', [count, 1], 'int64'), updates, 'add'));
  return g.build();
}

describe.each([
  ['numbers', 300_000, 3, []],
  ['rows', 6000, 3, [64]],
  ['large blocks', 6, 2, [400, 400]],
])('%s that are added to few places', (_, count, places, block) => {
  test.each([1, 2, 4])('are all counted on %i threads', async (threads) => {
    const session = await openSession(crowded(count, places, block), { threads });
    const indices = Array.from({ length: count }, (_, i) => i % places);
    const ones = new Float32Array(count * elementCount(block)).fill(1);
    const { sums } = await session.run({
      x: zeros([places, ...block], 'float32'),
      indices: tensor(indices, [count, 1], 'int64'),
      updates: tensor(ones, [count, ...block], 'float32'),
    });
    await session.dispose();
    expect(new Set(numbers(sums))).toEqual(new Set([count / places]));
  });
});

test('rows that are repeated with a factor each are multiplied piece by piece, to the same sums', async () => {
  const [repeats, count, channels, places] = [3, 4096, 64, 50];
  const g = new GraphBuilder();
  const [factors, rows] = [g.input('factors', [repeats, count, 1]), g.input('rows', [1, count, channels])];
  const updates = reshape(g, mul(g, factors, rows), [repeats * count, channels]);
  const x = zerosOf(g, [places, channels], 'float32');
  g.output('sums', scatterND(g, x, g.input('indices', [repeats * count, 1], 'int64'), updates, 'add'));
  const graph = g.build();
  const pieces = rewrite(graph, [steadyScatters]);
  const large = pieces.nodes.filter(({ outputs: [{ shape }] }) => elementCount(shape) >= repeats * count * channels);
  expect(large).toEqual([]);
  const wave = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(i * 1.7) + 0.3);
  const feeds = {
    factors: tensor(wave(repeats * count), [repeats, count, 1], 'float32'),
    rows: tensor(wave(count * channels), [1, count, channels], 'float32'),
    indices: tensor(
      Array.from({ length: repeats * count }, (_, i) => (i * 7) % places),
      [repeats * count, 1],
      'int64',
    ),
  };
  const sums = await Promise.all(
    [encode(graph), encode(pieces)].map(async (model) => {
      const session = await openSession(model, { threads: 1 });
      const { sums: found } = await session.run(feeds);
      await session.dispose();
      return numbers(found);
    }),
  );
  expect(sums[1]).toEqual(sums[0]);
});

test('few additions, and writing, stay one node', () => {
  expect(rewrite(crowded(100, 3, [64]), [steadyScatters]).nodes).toHaveLength(1);
  const g = new GraphBuilder();
  const [x, updates] = [g.input('x', [9000, 64]), g.input('updates', [9000, 64])];
  g.output('y', scatterND(g, x, g.input('indices', [9000, 1], 'int64'), updates));
  expect(rewrite(g.build(), [steadyScatters]).nodes).toHaveLength(1);
});
