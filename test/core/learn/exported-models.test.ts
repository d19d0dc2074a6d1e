import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { float32, numbers } from '../../../core/graph/tensor.ts';
import { exportModels } from '../../../core/learn/classify/export-models.ts';
import { cropNodes } from '../../../core/learn/colocalise/export-crop.ts';
import { exportNetwork, exportPattern } from '../../../core/learn/colocalise/export-localiser.ts';
import { createLocaliser } from '../../../core/learn/colocalise/localiser.ts';
import type { SharedPattern } from '../../../core/learn/colocalise/pattern-search.ts';
import { levelSides, type WorkMaps, workSide } from '../../../core/learn/colocalise/work-maps.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { compileNetwork } from '../../../core/stn/network/compile-network.ts';
import { shippedNetworks } from '../../../core/contract/options.ts';
import { shippedNetwork } from '../../support/network-files.ts';
import { checkWithOnnx, hasOnnxChecker } from '../../support/onnx-checker.ts';

const channels = 4;

/** Maps and a pattern of nothing in particular: the graphs depend on their sizes alone. */
const maps: WorkMaps = {
  count: 0,
  sizes: [],
  grey: new Float32Array(0),
  levels: levelSides.map((side) => ({
    ...{ side, scale: workSide / side, channels, cells: Math.ceil(side / 2) },
    ...{ data: new Float32Array(0), mean: new Float32Array(channels) },
  })),
};
const pattern: SharedPattern = {
  ...{ prototype: new Float32Array(channels * 18 * 18).fill(0.1), window: 18, rim: 3, hits: [] },
  ...{ gain: 1, gains: [1], scaled: true, spread: 0.1, prior: 0.01 },
};
const frame = { x: 9, y: 9, half: 9 };

const localisers = (): (readonly [file: string, model: Uint8Array])[] => [
  ...(['heat-map', 'published'] as const).map((name) => {
    const localiser = createLocaliser(name, createRandom(1));
    return [`${name}.onnx`, exportNetwork(localiser, localiser.initial, frame, pattern, maps, {})] as const;
  }),
  ['pattern.onnx', exportPattern(pattern, frame, maps, {})],
];

describe('an exported localiser', () => {
  it.each(localisers())('%s takes images of any size, thin ones too', async (_, model) => {
    const session = await openSession(model, { threads: 1 });
    for (const [height, width] of [
      [60, 90],
      [1, 1],
      [1, 320],
      [2000, 3],
      [3, 130],
      [130, 2],
    ]) {
      const random = createRandom(height + width);
      const pixels = Float32Array.from({ length: 3 * height * width }, () => random.uniform(0, 1));
      const { theta, crop, score, box } = await session.run({ pixels: float32(pixels, [1, 3, height, width]) });
      for (const of of [theta, crop, score, box]) expect(numbers(of).every(Number.isFinite)).toBe(true);
      const [left, top, right, bottom] = numbers(box);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect([right <= width, bottom <= height, left <= right, top <= bottom]).toEqual([true, true, true, true]);
      expect(crop.shape).toEqual([1, 3, 64, 64]);
    }
    await session.dispose();
  });

  it('cuts crops out of thin images as out of others', async () => {
    const g = new GraphBuilder();
    const pixels = g.input('pixels', [1, 3, 2, 200], 'float32', { 2: 'h', 3: 'w' });
    g.output('crop', cropNodes(g, pixels, g.input('theta', [1, 2, 3])));
    const session = await openSession(g.build(), { threads: 1 });
    /* White above, black below, seen from edge to edge. */
    const rows = float32(
      Float32Array.from({ length: 3 * 2 * 200 }, (_, i) => 1 - (Math.floor(i / 200) % 2)),
      [1, 3, 2, 200],
    );
    const { crop } = await session.run({ pixels: rows, theta: float32([1, 0, 0, 0, 1, 0], [1, 2, 3]) });
    await session.dispose();
    const column = Array.from({ length: 64 }, (_, y) => numbers(crop)[y * 64 + 32]);
    /* Between the centres of the two rows they blend. */
    for (const y of [1, 12]) expect(column[y]).toBeGreaterThan(0.9);
    for (const y of [58, 62]) expect(column[y]).toBeLessThan(0.1);
  });
});

describe.skipIf(!hasOnnxChecker)('the reference checker', () => {
  it('accepts classifiers, their transformers and their localisation networks', () => {
    const affine = shippedNetworks.map((name) => [name, 'affine'] as const);
    const others = (['projective', 'tps16', 'piecewise9'] as const).map((family) => ['st-cnn', family] as const);
    const models = [...affine, ...others].flatMap(([name, family]) => {
      const network = compileNetwork(shippedNetwork(name), {
        input: [1, 42, 42],
        classes: 3,
        random: createRandom(1),
        defaults: { family, learningRate: 1 },
      });
      const files = exportModels(network, network.initial, ['a', 'b', 'c']);
      return files.map((file) => [`${family}-${name}-${file.name}`, file.bytes] as const);
    });
    const { checked, refused } = checkWithOnnx(models);
    expect(refused).toEqual([]);
    expect(checked).toBe(models.length);
  });

  it('accepts localisers, where it knows the resizing that they begin with', () => {
    const models = localisers();
    const { opset, checked, refused } = checkWithOnnx(models);
    expect(refused).toEqual([]);
    expect(checked).toBe(opset < 18 ? 0 : models.length);
  });
});
