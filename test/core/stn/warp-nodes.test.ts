import { describe, expect, it } from 'vitest';
import { basisFamily, basisGrid, startingBasis, type BasisName } from '../../../core/geometry/basis-family.ts';
import { regularGrid } from '../../../core/geometry/grid.ts';
import type { LatticeName } from '../../../core/geometry/lattice-family.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { warpFamily, warpGrid } from '../../../core/geometry/warp-family.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { float32, type Tensor } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { familyGrid, givenGrid, shiftedGrid } from '../../../core/stn/grid-nodes.ts';
import { sampleNodes, transformerNodes } from '../../../core/stn/sampler-nodes.ts';
import { transformerFamily } from '../../../core/stn/transformer-family.ts';
import { checkGradient } from '../../support/check-gradient.ts';
import { array } from '../../support/interpreter.ts';

const names: readonly (LatticeName | BasisName)[] = [
  ...(['tps9', 'tps16', 'tps25', 'piecewise9', 'piecewise16', 'piecewise25'] as const),
  ...(['flow:6x4', 'flow:1x1', 'flow:7x5', 'basis3', 'basis6', 'basis10'] as const),
];
const random = createRandom(21);

async function run(g: GraphBuilder, feeds: Record<string, Tensor>): Promise<Float32Array> {
  const session = await openSession(encode(g.build()), { threads: 1 });
  const { y } = await session.run(feeds);
  await session.dispose();
  return y.data as Float32Array;
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
}

for (const name of names) {
  describe(`grids of the ${name} family`, () => {
    for (const alignCorners of [false, true]) {
      it(`agree with plain TypeScript to 1e-6, alignCorners ${alignCorners}`, async () => {
        const family = warpFamily(name);
        const count = family.identity.length;
        const all = [0, 0.1, 0.3].map((amount) => family.identity.map((value) => value + amount * random.normal()));
        const g = new GraphBuilder();
        const theta = g.input('theta', [1, count], 'float32', { 0: 'n' });
        g.output('y', familyGrid(g, name, theta, { width: 7, height: 5, alignCorners }).value, { 0: 'n' });
        const found = await run(g, { theta: float32(all.flat(), [3, count]) });
        const frame = { width: 7, height: 5 };
        const expected = all.flatMap((p) => [...warpGrid(family.mapOf(p, frame), 7, 5, alignCorners)]);
        expect(farthest(found, expected)).toBeLessThan(1e-6);
        expect(found.slice(0, 70)).toEqual(regularGrid(7, 5, alignCorners));
      });
    }
  });
}

describe('families for transformers', () => {
  const sampling = { width: 6, height: 5, alignCorners: false };

  it('say how many numbers to regress, and start where they are told', async () => {
    const counts = { translation: 2, affine: 6, projective: 8, tps9: 18, tps16: 32, tps25: 50, basis3: 6, basis10: 20 };
    for (const [name, count] of Object.entries(counts)) {
      const scale = name === 'translation' ? 1 : 0.5;
      const family = transformerFamily(name, { sampling, place: { scale, x: 0.3, y: -0.2 } });
      expect(family.start).toHaveLength(count);
      expect(family.parameters).toHaveLength(count);
      const g = new GraphBuilder();
      const learned = Object.fromEntries(Object.entries(family.initial).map(([key, of]) => [key, g.constant(of)]));
      g.output('y', family.grid(g, g.input('theta', [1, count]), learned).value);
      const found = await run(g, { theta: float32(family.start, [1, count]) });
      const expected = regularGrid(6, 5, false).map((value, i) => value * scale + (i % 2 === 0 ? 0.3 : -0.2));
      expect(farthest(found, expected), name).toBeLessThan(1e-6);
    }
    expect(() => transformerFamily('basis4', { sampling })).toThrow(/no transform family 'basis4'/);
  });

  it('agree with the plain basis, and gradients reach it', async () => {
    const family = transformerFamily('basis6', { sampling, prefix: 'first' });
    expect(Object.keys(family.initial)).toEqual(['first.basis']);
    const theta = family.start.map((value) => value + 0.1 * random.normal());
    const basis = startingBasis(basisFamily('basis6'), 6, 5, false).map((value) => value + 0.05 * random.normal());
    const g = new GraphBuilder();
    const learned = { 'first.basis': g.constant(basis, [6, 30]) };
    g.output('y', family.grid(g, g.input('theta', [1, 12]), learned).value);
    const found = await run(g, { theta: float32(theta, [1, 12]) });
    expect(farthest(found, basisGrid(basisFamily('basis6'), theta, basis))).toBeLessThan(1e-6);
    const slopes = checkGradient(
      (build) => {
        const x = build.input('x', [1, 1, 8, 8]);
        const own = { 'first.basis': build.input('b', [6, 30]) };
        return sampleNodes(build, x, family.grid(build, build.input('theta', [1, 12]), own));
      },
      { x: smooth, b: array([...basis], [6, 30]), theta: array(theta, [1, 12]) },
      ['theta', 'b'],
      { step: 1e-6 },
    );
    for (const { analytic, numeric } of slopes) {
      expect(Math.abs(analytic - numeric)).toBeLessThan(1e-4 * Math.max(1, Math.abs(numeric)));
    }
  });

  it('refuse another number of parameters', () => {
    const g = new GraphBuilder();
    expect(() => familyGrid(g, 'tps16', g.input('theta', [1, 18]), sampling)).toThrow(/'tps16' has 32 parameters/);
  });
});

const smooth = array(
  Array.from({ length: 64 }, (_, i) => Math.sin((i % 8) * 0.7) + Math.cos(Math.floor(i / 8) * 0.9)),
  [1, 1, 8, 8],
);

describe('gradients through a warp', () => {
  for (const name of ['tps9', 'tps16', 'piecewise9', 'flow:3x2'] as const) {
    it(`reach the parameters of the ${name} family`, () => {
      const at = warpFamily(name).identity.map((value) => value + 0.05 * random.normal() + 0.013);
      const slopes = checkGradient(
        (g) => {
          const theta = g.input('theta', [1, at.length]);
          const sampling = { width: 4, height: 3, alignCorners: false };
          return transformerNodes(g, g.input('x', [1, 1, 8, 8]), name, theta, sampling);
        },
        { x: smooth, theta: array(at, [1, at.length]) },
        ['theta'],
        { step: 1e-6 },
      );
      for (const { analytic, numeric } of slopes) {
        expect(Math.abs(analytic - numeric)).toBeLessThan(1e-4 * Math.max(1, Math.abs(numeric)));
      }
    });
  }
});

describe('grids that are given', () => {
  it('shift each pixel by its own flow, or are taken as they are; far places are pulled back', async () => {
    for (const alignCorners of [false, true]) {
      const sampling = { width: 3, height: 2, alignCorners };
      const flow = Float32Array.from({ length: 12 }, (_, i) => (i === 5 ? 100 : 0.1 * i));
      const g = new GraphBuilder();
      g.output('y', shiftedGrid(g, g.input('flow', [1, 2, 3, 2]), sampling).value);
      const found = await run(g, { flow: float32(flow, [1, 2, 3, 2]) });
      const expected = regularGrid(3, 2, alignCorners).map((value, i) => Math.min(4, value + flow[i]));
      expect(farthest(found, expected)).toBeLessThan(1e-6);
      const h = new GraphBuilder();
      h.output('y', givenGrid(h, h.input('grid', [1, 2, 3, 2]), sampling).value);
      expect(await run(h, { grid: float32(flow, [1, 2, 3, 2]) })).toEqual(flow.map((value) => Math.min(4, value)));
      expect(() => givenGrid(h, h.input('bad', [1, 3, 2, 2]), sampling)).toThrow(/\[N, 2, 3, 2\]/);
    }
  });
});
