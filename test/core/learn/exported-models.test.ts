import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { exportModels } from '../../../core/learn/classify/export-models.ts';
import { exportNetwork, exportPattern } from '../../../core/learn/colocalise/export-localiser.ts';
import { createLocaliser } from '../../../core/learn/colocalise/localiser.ts';
import type { SharedPattern } from '../../../core/learn/colocalise/pattern-search.ts';
import { levelSides, type WorkMaps, workSide } from '../../../core/learn/colocalise/work-maps.ts';
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
    const models = [
      ...(['heat-map', 'published'] as const).map((name) => {
        const localiser = createLocaliser(name, createRandom(1));
        return [`${name}.onnx`, exportNetwork(localiser, localiser.initial, frame, pattern, maps, {})] as const;
      }),
      ['pattern.onnx', exportPattern(pattern, frame, maps, {})] as const,
    ];
    const { opset, checked, refused } = checkWithOnnx(models);
    expect(refused).toEqual([]);
    expect(checked).toBe(opset < 18 ? 0 : models.length);
  });
});
