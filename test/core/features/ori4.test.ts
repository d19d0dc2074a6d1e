import { describe, expect, it } from 'vitest';
import { canvasNodes, greyNodes, ori4Nodes } from '../../../core/features/ori4.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { float32, floats } from '../../../core/graph/tensor.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { openSession } from '../../../core/runtime/session.ts';

const side = 12;

async function mapsOf(grey: Float32Array): Promise<Float32Array> {
  const g = new GraphBuilder();
  g.output('maps', ori4Nodes(g, g.input('grey', [1, 1, side, side])));
  const session = await openSession(encode(g.build()), { threads: 1 });
  const { maps } = await session.run({ grey: float32(grey, [1, 1, side, side]) });
  await session.dispose();
  return floats(maps);
}

/** The same by the plain formula. */
function plainMaps(grey: Float32Array): Float32Array {
  const cells = side / 2;
  const energy = new Float64Array(4 * cells * cells);
  const at = (x: number, y: number): number =>
    grey[Math.min(side - 1, Math.max(0, y)) * side + Math.min(side - 1, Math.max(0, x))];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [gx, gy] = [(at(x + 1, y) - at(x - 1, y)) / 2, (at(x, y + 1) - at(x, y - 1)) / 2];
      const magnitude = Math.sqrt(gx * gx + gy * gy + 1e-6);
      [gx, gy, -gx, -gy].forEach((slope, c) => {
        energy[(c * cells + (y >> 1)) * cells + (x >> 1)] += Math.max(0, slope) ** 2 / magnitude / 4;
      });
    }
  const line = [-3, -2, -1, 0, 1, 2, 3].map((d) => Math.exp(-(d * d) / 2));
  const sum = line.reduce((a, b) => a + b);
  return Float32Array.from({ length: energy.length }, (_, i) => {
    const [c, y, x] = [Math.floor(i / cells ** 2), Math.floor(i / cells) % cells, i % cells];
    let total = 0;
    for (let v = -3; v <= 3; v++)
      for (let u = -3; u <= 3; u++) {
        if (y + v < 0 || y + v >= cells || x + u < 0 || x + u >= cells) continue;
        total += (energy[(c * cells + y + v) * cells + x + u] * line[v + 3] * line[u + 3]) / sum ** 2;
      }
    return total;
  });
}

describe('oriented gradient energy', () => {
  const random = createRandom(4);
  const grey = Float32Array.from({ length: side * side }, () => random.uniform());

  it('follows the plain formula', async () => {
    const [found, expected] = [await mapsOf(grey), plainMaps(grey)];
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });

  it('says nothing about blank images', async () => {
    const maps = await mapsOf(new Float32Array(side * side).fill(0.7));
    expect(Math.max(...maps)).toBeLessThan(1e-6);
  });

  it('sees the same energy in a negative, in opposite directions', async () => {
    const [positive, negative] = [await mapsOf(grey), await mapsOf(grey.map((value) => 1 - value))];
    const plane = positive.length / 4;
    positive.forEach((value, i) => expect(value).toBeCloseTo(negative[(i + 2 * plane) % positive.length], 5));
  });
});

describe('the work frame', () => {
  it('keeps the aspect and puts the image at the top left', async () => {
    const g = new GraphBuilder();
    const pixels = g.input('pixels', [1, 3, 84, 84], 'float32', { 0: 'n', 2: 'h', 3: 'w' });
    const grey = greyNodes(g, pixels, 84);
    g.output('grey', grey, { 0: 'n', 2: 'y', 3: 'x' });
    g.output('canvas', canvasNodes(g, grey, 84, 0, 0), { 0: 'n' });
    const session = await openSession(encode(g.build()), { threads: 1 });
    const found = await session.run({ pixels: float32(new Float32Array(3 * 100 * 200).fill(1), [1, 3, 100, 200]) });
    await session.dispose();
    expect(found.grey.shape).toEqual([1, 1, 42, 84]);
    expect(found.canvas.shape).toEqual([1, 1, 84, 84]);
    const canvas = floats(found.canvas);
    expect(canvas[41 * 84 + 83]).toBeCloseTo(1, 5);
    expect(canvas[42 * 84]).toBe(0);
  });
});
