import { describe, expect, test } from 'vitest';
import { backward } from '../../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { mul } from '../../../../core/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../../core/graph/ops/reduce.ts';
import { gridSample, type GridSampleOptions } from '../../../../core/graph/ops/sample.ts';
import { rewrite } from '../../../../core/graph/passes/rewrite.ts';
import { rowSamples } from '../../../../core/graph/passes/row-samples.ts';
import { simplify } from '../../../../core/graph/passes/simplify.ts';
import type { Graph } from '../../../../core/graph/value.ts';
import { expectSame } from './pass-check.ts';

function sampled(channels: number, options: GridSampleOptions, learned: boolean): Graph {
  const g = new GraphBuilder();
  const [x, grid] = [g.input('x', [2, channels, 5, 4]), g.input('grid', [2, 3, 6, 2])];
  const y = gridSample(g, x, grid, options);
  g.output('y', y);
  if (!learned) return g.build();
  backward(g, reduceSum(g, mul(g, y, y)), [x, grid]).forEach((gradient, i) => {
    g.output(`gradient ${i}`, gradient);
  });
  return g.build();
}

const opsOf = ({ nodes }: Graph): string[] => nodes.map(({ op }) => op);

describe('row samples', () => {
  test.each(['zeros', 'border', 'reflection'] as const)(
    'many channels are read as rows, padded with %s',
    (paddingMode) => {
      for (const alignCorners of [false, true]) {
        const graph = sampled(8, { paddingMode, alignCorners }, true);
        const found = rewrite(graph, [rowSamples]);
        expect(opsOf(found)).not.toContain('GridSample');
        expectSame(graph, found);
      }
    },
  );

  test('sample and gradients read the same neighbours, once', () => {
    const found = simplify(rewrite(sampled(8, {}, true), [rowSamples]));
    expect(opsOf(found).filter((op) => op === 'Gather')).toHaveLength(1);
    expect(opsOf(found).filter((op) => op === 'Floor')).toHaveLength(2);
  });

  test('few channels and other kernels stay as they are', () => {
    expect(opsOf(rewrite(sampled(3, {}, false), [rowSamples]))).toEqual(['GridSample']);
    expect(opsOf(rewrite(sampled(8, { mode: 'nearest' }, false), [rowSamples]))).toEqual(['GridSample']);
  });
});
