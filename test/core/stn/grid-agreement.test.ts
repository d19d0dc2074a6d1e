import { expect, it } from 'vitest';
import { families } from '../../../core/geometry/families.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import type { WarpName } from '../../../core/geometry/warp.ts';
import { warpFamily, warpGrid } from '../../../core/geometry/warp-family.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { float32 } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { familyGrid } from '../../../core/stn/grid-nodes.ts';
import { fromTensor, interpret } from '../../support/interpreter.ts';

const names: readonly WarpName[] = [
  ...Object.values(families).map(({ name }) => name),
  ...(['tps9', 'tps16', 'tps25', 'piecewise9', 'piecewise16', 'piecewise25'] as const),
  ...(['basis3', 'basis6', 'basis10', 'flow:6x4'] as const),
];
/** Families whose matrices have large entries that cancel, or are divided by a small w. */
const steep = new Set<WarpName>(['similarity', 'projective', 'affine-lie', 'projective-lie']);
const count = 60;
const [width, height] = [9, 6];

it.each(names)('grids of %s agree with plain TypeScript all over its bounds, at 3:2', async (name) => {
  const random = createRandom(7);
  const family = warpFamily(name);
  const frame = { width: 300, height: 200 };
  const all = Array.from({ length: count }, () =>
    family
      .bound(
        family.identity.map((value) => value + random.normal()),
        frame,
      )
      .map(Math.fround),
  );
  const g = new GraphBuilder();
  const theta = g.input('theta', [count, family.identity.length]);
  const grid = familyGrid(g, name, theta, { width, height, alignCorners: false }, { aspect: 1.5 });
  g.output('y', grid.value);
  const graph = g.build();
  const feed = float32(all.flat(), [count, family.identity.length]);
  const expected = all.flatMap((parameters) => [...warpGrid(family.mapOf(parameters, frame), width, height, false)]);
  const { y: exact } = interpret(graph, { theta: fromTensor(feed) });
  const session = await openSession(encode(graph), { threads: 1 });
  const { y: single } = await session.run({ theta: feed });
  await session.dispose();
  expect(farthest(exact.data, expected)).toBeLessThan(1e-6);
  expect(farthest(single.data as Float32Array, expected)).toBeLessThan(steep.has(name) ? 2e-5 : 1e-6);
});

function farthest(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - found[i])), 0);
}
