import { describe, expect, it } from 'vitest';
import { locateFrames } from '../../../../core/compute/classifier/located-frames.ts';
import { networkDescription } from '../../../../core/contract/network.ts';
import { applyPoint } from '../../../../core/geometry/matrix.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import type { Classified } from '../../../../core/learn/classify/classify.ts';
import { openInspector } from '../../../../core/learn/classify/inspect.ts';
import { compileNetwork } from '../../../../core/stn/network/compile-network.ts';

const side = 20;
const image = { width: 200, height: 100 };
const look = {
  kind: 'transformer',
  name: 'look',
  family: 'similarity',
  localisation: [{ kind: 'dense', units: 3 }],
  width: 8,
  height: 6,
  start: { x: 0.2, y: -0.1, scale: 0.6 },
};

/** The stored frame of one image, and where the network itself sampled: pixels of the oriented original, crop by rows. */
async function frameAndPlaces(alignCorners: boolean, before: readonly unknown[]) {
  const { layers } = networkDescription.parse({ version: 1, layers: [...before, { ...look, alignCorners }] });
  const defaults = { family: 'affine', learningRate: 1 } as const;
  const purpose = { input: [1, side, side], classes: 2, random: createRandom(1), defaults } as const;
  const network = compileNetwork({ version: 1, layers }, purpose);
  const examples = {
    shape: network.input,
    classes: ['a', 'b'],
    values: new Float32Array(side * side).fill(0.5),
    labels: Uint16Array.of(1),
  };
  const classified: Classified = {
    network,
    parameters: network.initial,
    epochs: [],
    keptEpoch: 0,
    stoppedEarly: false,
    losses: [],
    test: { probabilities: Float32Array.of(0.5, 0.5), answers: Uint16Array.of(0), wrong: 0, loss: 0 },
  };
  const info = {
    format: 'png',
    storedWidth: image.width,
    storedHeight: image.height,
    ...image,
    orientation: 1,
    channels: 1,
    depth: 8,
    hasAlpha: false,
    hasProfile: false,
    bytes: 1,
    sha256: '',
  } as const;
  const inspector = await openInspector(network, { threads: 1 });
  const files = [{ id: 'one.png', path: 'one.png', info }];
  const [located] = await locateFrames(classified, inspector, examples, files, new AbortController().signal);
  const { 'look.grid': grid } = await inspector.look(examples, [0], network.initial, ['look.grid']);
  await inspector.dispose();
  const [, rows, columns] = network.transformers[0].input;
  const inset = (side - columns) / 2;
  /* Pixels of the map, then of the square of 20, which is as wide as the image, centred on it. */
  const place = (unit: number, size: number, middle: number): number => {
    const pixel = alignCorners ? ((unit + 1) / 2) * (size - 1) + 0.5 : ((unit + 1) / 2) * size;
    return (pixel + inset - side / 2) * (image.width / side) + middle;
  };
  const places = Array.from({ length: look.width * look.height }, (_, n) => ({
    x: place(grid[2 * n], columns, image.width / 2),
    y: place(grid[2 * n + 1], rows, image.height / 2),
  }));
  return { frame: located.canonicalToImage, places };
}

describe('locateFrames', () => {
  it.each([
    [false, 'the images', []],
    [true, 'the images', []],
    [false, 'an unpadded convolution', [{ kind: 'conv', channels: 1, kernel: 5 }]],
    [true, 'an unpadded convolution', [{ kind: 'conv', channels: 1, kernel: 5 }]],
  ])('says where pixels of the crop come from, alignCorners %s, behind %s', async (alignCorners, _what, before) => {
    const { frame, places } = await frameAndPlaces(alignCorners, before);
    if (frame === null) throw new Error('no frame');
    for (const [n, place] of places.entries()) {
      const [column, row] = [n % look.width, Math.floor(n / look.width)];
      const found = applyPoint(frame, (2 * column + 1) / look.width - 1, (2 * row + 1) / look.height - 1);
      expect(Math.hypot(found.x - place.x, found.y - place.y)).toBeLessThan(1e-3);
    }
  });
});
