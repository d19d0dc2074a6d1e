import { expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { simplify } from '../../../core/graph/passes/simplify.ts';
import type { Graph } from '../../../core/graph/value.ts';
import { gradientGraph } from '../../support/check-gradient.ts';
import { checkWithOnnx, hasOnnxChecker } from '../../support/onnx-checker.ts';
import { declare, wantedOf } from './op-cases/case-content.ts';
import type { OpCase } from './op-cases/op-case.ts';
import { opCases } from './op-cases/op-cases.ts';

function graphOf(one: OpCase): Graph {
  const wanted = wantedOf(one);
  if (wanted.length > 0) return gradientGraph((g) => declare(g, one), wanted);
  const g = new GraphBuilder();
  g.output('y', declare(g, one));
  return g.build();
}

test.skipIf(!hasOnnxChecker)('the reference checker accepts every op and its gradient, simplified or not', () => {
  const models = Object.entries(opCases).flatMap(([op, cases]) =>
    cases.flatMap((one, i) => {
      const graph = graphOf(one);
      return [graph, simplify(graph)].map((written, k) => [`${op}-${i}-${k}.onnx`, encode(written)] as const);
    }),
  );
  const { opset, checked, refused } = checkWithOnnx(models);
  expect(refused).toEqual([]);
  expect(checked).toBeGreaterThan(opset < 18 ? 100 : models.length - 1);
});
