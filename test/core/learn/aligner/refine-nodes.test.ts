import { expect, test } from 'vitest';
import { multiply, type Matrix3 } from '../../../../core/geometry/matrix.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { encode } from '../../../../core/graph/encode.ts';
import { float32 } from '../../../../core/graph/tensor.ts';
import { createRefiner } from '../../../../core/learn/aligner/refine-nodes.ts';
import type { AlignFamily } from '../../../../core/learn/congeal/generators.ts';
import { warpOf } from '../../../../core/learn/congeal/generators.ts';
import { latticeOf, safeStep } from '../../../../core/learn/congeal/refine.ts';
import { openSession } from '../../../../core/runtime/session.ts';

const [count, channels, cells] = [3, 6, 20];
const plane = cells * cells;

/** Smooth unit-length maps seen through a warp: waves that differ from channel to channel. */
function waves(warp: Matrix3, target: Float32Array, offset: number, seed: number): void {
  const random = createRandom(seed);
  const parts = Array.from({ length: channels }, () => [random.normal(), random.normal(), random.uniform(0, 6)]);
  for (let i = 0; i < plane; i++) {
    const [u, v] = [(((i % cells) + 0.5) / cells) * 2 - 1, ((Math.floor(i / cells) + 0.5) / cells) * 2 - 1];
    const [x, y] = [warp[0] * u + warp[1] * v + warp[2], warp[3] * u + warp[4] * v + warp[5]];
    const values = parts.map(([a, b, phase]) => Math.sin(2 * (a * x + b * y) + phase));
    const length = Math.hypot(...values);
    values.forEach((value, c) => (target[offset + c * plane + i] = value / length));
  }
}

const stages: [AlignFamily, number][] = [
  ['translation', 0],
  ['rotation', 0],
  ['similarity', 0],
  ['affine', 0],
  ['affine', 0.05],
];

test.each(stages)(
  'a step of the %s family as nodes equals the step in plain arithmetic (shrink %d)',
  async (family, shrink) => {
    const template = new Float32Array(channels * plane);
    waves([1, 0, 0, 0, 1, 0, 0, 0, 1], template, 0, 5);
    const maps = new Float32Array(count * channels * plane);
    const masks = new Float32Array(count * plane).fill(1);
    const shifts: Matrix3[] = [
      warpOf('affine', [0.05, -0.04, 0.06, 0.03, 0.02, -0.02]),
      warpOf('affine', [0, 0.1, -0.1, 0, 0, 0]),
      warpOf('affine', [0.3, 0, 0.4, 0, 0, 0]),
    ];
    shifts.forEach((shift, n) => waves(shift, maps, n * channels * plane, 5));
    for (let i = 0; i < plane; i++) if (i % cells < 6) masks[plane + i] = 0;
    for (let i = 0; i < channels * plane; i++) maps[channels * plane + i] *= masks[plane + (i % plane)];
    const starts = shifts.map((_, n): Matrix3 =>
      multiply([0.9, 0.1 * n, 0.1, -0.2, 1.1, 0, 0, 0, 1], [1, 0, 0, 0, 1, n / 10, 0, 0, 1]),
    );
    const stage = { family, iterations: 1, cells, zoom: 0.7, sigma: 0.6, shrink };

    const g = new GraphBuilder();
    const dynamic = { 0: 'n' };
    const refine = createRefiner(g, {
      stage,
      template: { channels, cells, maps: template, weight: new Float32Array(plane) },
    });
    const input = (name: string, shape: number[]) => g.input(name, shape, 'float32', dynamic);
    const described = { maps: input('maps', [1, channels, cells, cells]), masks: input('masks', [1, 1, cells, cells]) };
    g.output('next', refine(input('warps', [1, 3, 3]), described), dynamic);
    const session = await openSession(encode(g.build()));
    const { next } = await session.run({
      maps: float32(maps, [count, channels, cells, cells]),
      masks: float32(masks, [count, 1, cells, cells]),
      warps: float32(starts.flat(), [count, 3, 3]),
    });
    await session.dispose();

    const lattice = latticeOf(stage, channels);
    starts.forEach((start, n) => {
      const expected = safeStep(lattice, template, { maps, masks }, n, start, shrink);
      expect(Math.hypot(...expected.map((value, i) => value - start[i]))).toBeGreaterThan(0.01);
      expected.forEach((value, i) => expect(Number(next.data[9 * n + i])).toBeCloseTo(value, 3));
    });
  },
);
