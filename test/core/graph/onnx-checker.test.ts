import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { simplify } from '../../../core/graph/passes/simplify.ts';
import type { Graph } from '../../../core/graph/value.ts';
import { gradientGraph } from '../../support/check-gradient.ts';
import { pythonWith } from '../../support/python.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { declare, wantedOf } from './op-cases/case-content.ts';
import type { OpCase } from './op-cases/op-case.ts';
import { opCases } from './op-cases/op-cases.ts';

/** Debian's package is called python3-onnx. */
const python = pythonWith('onnx');

function graphOf(one: OpCase): Graph {
  const wanted = wantedOf(one);
  if (wanted.length > 0) return gradientGraph((g) => declare(g, one), wanted);
  const g = new GraphBuilder();
  g.output('y', declare(g, one));
  return g.build();
}

test.skipIf(python === undefined)('the reference checker accepts every op and its gradient, simplified or not', () => {
  const folder = temporaryFolder();
  const paths = Object.entries(opCases).flatMap(([op, cases]) =>
    cases.flatMap((one, i) => {
      const graph = graphOf(one);
      return [graph, simplify(graph)].map((written, k) => {
        const path = join(folder, `${op}-${i}-${k}.onnx`);
        writeFileSync(path, encode(written));
        return path;
      });
    }),
  );
  const script = resolve(import.meta.dirname, '../../support/check-models.py');
  const { stdout, stderr, status } = spawnSync(python ?? '', [script], { input: paths.join('\n'), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const [opset, ...refused] = stdout.trim().split('\n');
  const checked = refused.pop() ?? '';
  expect(refused).toEqual([]);
  expect(Number(checked.replace('checked ', ''))).toBeGreaterThan(Number(opset) < 18 ? 100 : paths.length - 1);
});
