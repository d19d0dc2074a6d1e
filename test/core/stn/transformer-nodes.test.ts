import { describe, expect, it } from 'vitest';
import { families, toMatrix } from '../../../core/geometry/families.ts';
import type { FamilyName } from '../../../core/geometry/family.ts';
import { targetToSourcePixels } from '../../../core/geometry/frames.ts';
import { mapGrid } from '../../../core/geometry/grid.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { backward } from '../../../core/graph/backward.ts';
import { encode } from '../../../core/graph/encode.ts';
import { slice } from '../../../core/graph/ops/movement.ts';
import { reduceMean } from '../../../core/graph/ops/reduce.ts';
import { float32, type Tensor } from '../../../core/graph/tensor.ts';
import type { Graph } from '../../../core/graph/value.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { familyGrid, gridNodes, type Sampling } from '../../../core/stn/grid-nodes.ts';
import { sampleRaster } from '../../../core/stn/sample.ts';
import { requireTrainable, sampleNodes, transformerNodes, warpNodes } from '../../../core/stn/sampler-nodes.ts';
import { exponentialNodes, transformNodes } from '../../../core/stn/transform-nodes.ts';
import { checkGradient } from '../../support/check-gradient.ts';
import { array, fromTensor, interpret } from '../../support/interpreter.ts';

/** Runs a graph in ONNX Runtime and in the float64 interpreter; returns the output `y` of both. */
async function both(graph: Graph, feeds: Record<string, Tensor>): Promise<{ runtime: number[]; exact: number[] }> {
  const session = await openSession(encode(graph), { threads: 1 });
  try {
    const { y } = await session.run(feeds);
    const numbers = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, fromTensor(tensor)]));
    return { runtime: Array.from(y.data as Float32Array), exact: [...interpret(graph, numbers)['y'].data] };
  } finally {
    await session.dispose();
  }
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

const members: Record<FamilyName, readonly (readonly number[])[]> = {
  translation: [
    [0, 0],
    [0.25, -0.5],
    [-1, 0.125],
  ],
  attention: [
    [1, 0, 0],
    [0.5, 0.25, -0.25],
    [1.5, -0.3, 0.1],
  ],
  rotation: [[0], [0.7], [-3.1]],
  similarity: [
    [0, 0, 0, 0],
    [0.8, -0.4, 0.3, -0.2],
    [3.1, 0.6, -0.5, 0.4],
  ],
  affine: [
    [1, 0, 0, 0, 1, 0],
    [0.7, 0.2, -0.3, 0.1, 1.2, 0.4],
    [-0.5, 0.5, 0, 0.25, 0.75, -0.125],
  ],
  projective: [
    [1, 0, 0, 0, 1, 0, 0, 0],
    [0.9, 0.1, 0.2, -0.1, 1.1, 0, 0.3, -0.2],
    [1, 0, 0, 0, 1, 0, -0.5, 0.1],
  ],
  'affine-lie': [
    [0, 0, 0, 0, 0, 0],
    [0.8, -0.4, 0.3, -0.2, 0.3, -0.1],
    [-2.5, 0.5, 0.1, 0.4, -0.5, 0.2],
  ],
  'projective-lie': [
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0.8, -0.4, 0.3, -0.2, 0.3, -0.1, 0.2, -0.1],
    [-0.5, 0.3, 0, 0.1, -0.2, 0.4, -0.3, 0.25],
  ],
};
const aspects = [1.5, 0.5, 1];
const sampling = (alignCorners: boolean): Sampling => ({ width: 5, height: 3, alignCorners });

for (const family of Object.values(families)) {
  describe(`grids of the ${family.name} family`, () => {
    for (const alignCorners of [false, true]) {
      it(`agree with plain TypeScript to 1e-6, alignCorners ${alignCorners}`, async () => {
        const all = members[family.name];
        for (const canonicalAspect of [undefined, 1]) {
          const frame = { ...(canonicalAspect && { canonicalAspect }) };
          const g = new GraphBuilder();
          const theta = g.input('theta', [1, family.identity.length], 'float32', { 0: 'n' });
          const aspect = g.input('aspect', [1], 'float32', { 0: 'n' });
          const grid = familyGrid(g, family.name, theta, sampling(alignCorners), { aspect, ...frame });
          g.output('y', grid.value, { 0: 'n' });
          const session = await openSession(encode(g.build()), { threads: 1 });
          const { y } = await session.run({
            theta: float32(all.flat(), [3, family.identity.length]),
            aspect: float32(aspects, [3]),
          });
          await session.dispose();
          expect(y.shape).toEqual([3, 3, 5, 2]);
          const expected = all.flatMap((parameters, i) => [
            ...mapGrid(toMatrix(family, parameters, { width: aspects[i], height: 1, ...frame }), 5, 3, alignCorners),
          ]);
          expect(farthest(y.data as Float32Array, expected)).toBeLessThan(1e-6);
        }
      });
    }
  });
}

it('one aspect for all images is the same as one per image', async () => {
  const parameters = float32([0.8, -0.4, 0.3, -0.2], [1, 4]);
  for (const canonicalAspect of [undefined, 1, 2]) {
    const frame = { aspect: 1.5, ...(canonicalAspect && { canonicalAspect }) };
    const g = new GraphBuilder();
    g.output('y', transformNodes(g, 'similarity', g.input('theta', [1, 4]), frame));
    const { runtime, exact } = await both(g.build(), { theta: parameters });
    const expected = toMatrix(families.similarity, [0.8, -0.4, 0.3, -0.2], {
      width: 3,
      height: 2,
      ...(canonicalAspect && { canonicalAspect }),
    });
    expect(farthest(runtime, expected)).toBeLessThan(1e-6);
    expect(farthest(exact, expected)).toBeLessThan(1e-7);
  }
});

it('exponentials of whole turns and large scales stay exact', async () => {
  const g = new GraphBuilder();
  g.output('y', exponentialNodes(g, g.input('a', [2, 3, 3])));
  const turn = [0, -Math.PI, 0, Math.PI, 0, 0, 0, 0, 0];
  const grow = [Math.log(8), 0, 1, 0, Math.log(8), -1, 0, 0, 0];
  const { runtime } = await both(g.build(), { a: float32([...turn, ...grow], [2, 3, 3]) });
  const shift = 7 / Math.log(8);
  const expected = [-1, 0, 0, 0, -1, 0, 0, 0, 1, 8, 0, shift, 0, 8, -shift, 0, 0, 1];
  expect(farthest(runtime, expected)).toBeLessThan(3e-6);
});

describe('sampler nodes', () => {
  const random = createRandom(9);
  const image = {
    width: 9,
    height: 7,
    channels: 2,
    data: Float32Array.from({ length: 126 }, () => random.uniform()),
  };
  const pixels = float32(image.data, [1, 2, 7, 9]);

  for (const kernel of ['bilinear', 'nearest', 'bicubic'] as const) {
    for (const padding of ['zeros', 'border', 'reflection'] as const) {
      for (const alignCorners of [false, true]) {
        it(`agree with plain TypeScript: ${kernel}, ${padding}, alignCorners ${alignCorners}`, async () => {
          const theta = toMatrix(families.affine, [0.9, 0.31, -0.127, 0.27, 1.1, 0.37], image);
          const options = { width: 6, height: 5, kernel, padding, alignCorners };
          const g = new GraphBuilder();
          const matrix = g.constant(theta.slice(0, 6), [1, 2, 3], 'float32');
          g.output('y', warpNodes(g, g.input('x', [1, 2, 7, 9]), matrix, options));
          const session = await openSession(encode(g.build()), { threads: 1 });
          const { y } = await session.run({ x: pixels });
          await session.dispose();
          const map = targetToSourcePixels(theta, image, { width: 6, height: 5 }, alignCorners);
          const expected = sampleRaster(image, map, 6, 5, { kernel, padding, alignCorners });
          expect(farthest(y.data as Float32Array, expected.data)).toBeLessThan(1e-5);
        });
      }
    }
  }

  it('reproduce the image at the identity, both flags, bit for bit for nearest', async () => {
    for (const alignCorners of [false, true]) {
      for (const kernel of ['bilinear', 'nearest'] as const) {
        const g = new GraphBuilder();
        const theta = g.input('theta', [1, 4]);
        const options = { width: 9, height: 7, alignCorners, kernel };
        g.output('y', transformerNodes(g, g.input('x', [1, 2, 7, 9]), 'similarity', theta, options, { aspect: 9 / 7 }));
        const session = await openSession(encode(g.build()), { threads: 1 });
        const { y } = await session.run({ x: pixels, theta: float32([0, 0, 0, 0], [1, 4]) });
        await session.dispose();
        expect(farthest(y.data as Float32Array, image.data)).toBeLessThanOrEqual(kernel === 'nearest' ? 0 : 1e-6);
      }
    }
  });

  it('round halves up with the integer kernel, whatever the padding', async () => {
    const line = { width: 4, height: 1, channels: 1, data: Float32Array.of(1, 2, 3, 4) };
    /* Places between pixels, counted from the centre of the first one; all are exact in float32. */
    const places = [-1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 4.5];
    const unit = places.flatMap((x) => [(2 * x + 1) / 4 - 1, 0]);
    const expected = {
      zeros: [0, 1, 2, 3, 4, 0, 0],
      border: [1, 1, 2, 3, 4, 4, 4],
      reflection: [1, 1, 2, 3, 4, 4, 3],
    };
    for (const padding of ['zeros', 'border', 'reflection'] as const) {
      const sampling = { width: 7, height: 1, alignCorners: false, padding, kernel: 'nearest' } as const;
      const g = new GraphBuilder();
      const grid = g.constant(unit, [1, 1, 7, 2], 'float32');
      g.output('y', sampleNodes(g, g.input('x', [1, 1, 1, 4]), { value: grid, sampling }));
      const { runtime } = await both(g.build(), { x: float32(line.data, [1, 1, 1, 4]) });
      expect(runtime).toEqual(expected[padding]);
      const plain = (x: number) => ({ x: places[Math.floor(x)] + 0.5, y: 0.5 });
      expect([...sampleRaster(line, plain, 7, 1, { kernel: 'nearest', padding }).data]).toEqual(expected[padding]);
    }
  });

  it('are refused in training where they have no gradient', () => {
    const sampling = { width: 4, height: 4, alignCorners: false };
    expect(() => requireTrainable(sampling)).not.toThrow();
    expect(() => requireTrainable({ ...sampling, kernel: 'nearest' })).toThrow(/nothing would be learned.*'bilinear'/);
    expect(() => requireTrainable({ ...sampling, kernel: 'bicubic' })).toThrow(/no gradient here/);
    const g = new GraphBuilder();
    const theta = g.input('theta', [1, 6]);
    const x = g.input('x', [1, 1, 8, 8]);
    const crop = transformerNodes(g, x, 'affine', theta, { ...sampling, kernel: 'nearest' });
    expect(() => backward(g, reduceMean(g, crop), [theta])).toThrow(/zero everywhere; train with mode 'bilinear'/);
  });

  it('read several images at one grid, every channel at the same places', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 2, 7, 9]);
    const theta = g.input('theta', [1, 3]);
    const grid = familyGrid(g, 'attention', theta, { width: 4, height: 4, alignCorners: true });
    const both = sampleNodes(g, x, grid);
    const first = sampleNodes(g, slice(g, x, { starts: [0], ends: [1], axes: [1] }), grid);
    g.output('both', both);
    g.output('first', first);
    const session = await openSession(encode(g.build()), { threads: 1 });
    const result = await session.run({ x: pixels, theta: float32([0.4, 0.2, -0.1], [1, 3]) });
    await session.dispose();
    expect((result['both'].data as Float32Array).slice(0, 16)).toEqual(result['first'].data);
  });

  it('keep far and endless places finite', async () => {
    const g = new GraphBuilder();
    const grid = gridNodes(g, g.input('m', [1, 3, 3]), { width: 3, height: 3, alignCorners: false });
    g.output('y', grid.value);
    const { runtime, exact } = await both(g.build(), { m: float32([9, 0, 1, 0, 9, 1, 1.5, 0, 0], [1, 3, 3]) });
    expect(Math.max(...runtime.map(Math.abs))).toBe(4);
    expect(farthest(runtime, exact)).toBeLessThan(1e-6);
    expect(() => gridNodes(g, g.input('bad', [1, 6]), { width: 3, height: 3, alignCorners: false })).toThrow('[1, 6]');
  });
});

describe('gradients through a transformer', () => {
  const random = createRandom(4);
  const smooth = array(
    Array.from({ length: 64 }, (_, i) => Math.sin((i % 8) * 0.7) + Math.cos(Math.floor(i / 8) * 0.9)),
    [1, 1, 8, 8],
  );
  for (const family of Object.values(families)) {
    it(`reach the parameters of the ${family.name} family`, () => {
      const at = members[family.name][1].map((value) => value + 0.01 * random.normal());
      const slopes = checkGradient(
        (g) => {
          const theta = g.input('theta', [1, at.length]);
          const options = { width: 4, height: 3, alignCorners: false };
          return transformerNodes(g, g.input('x', [1, 1, 8, 8]), family.name, theta, options, { aspect: 1.5 });
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
