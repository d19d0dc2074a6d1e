import { utimes, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createHeldLevels, levelSize } from '../../../core/imaging/held-levels.ts';
import { cutTile } from '../../../core/imaging/tiles.ts';
import { farthest, fileOf, slope, slopeColour, valueOf } from '../../support/pictures.ts';

const start = { left: 0, top: 0 };

async function centreOf(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = ((info.height >> 1) * info.width + (info.width >> 1)) * 3;
  return { width: info.width, height: info.height, colour: [...data.subarray(at, at + 3)] };
}

describe('levels', () => {
  it('halve the oriented image, rounding up', () => {
    const image = { width: 1001, height: 600 };
    expect([0, 1, 2, 10].map((level) => levelSize(image, level))).toEqual([
      image,
      { width: 501, height: 300 },
      { width: 251, height: 150 },
      { width: 1, height: 1 },
    ]);
  });

  it('are held until the limit is reached, and dropped when the file changes', async () => {
    const path = await fileOf('held.png', await slope(100, 80).png().toBuffer());
    const held = createHeldLevels(3 * 100 * 80 + 100);
    const first = valueOf(await held.partAround(path, 0, start));
    expect(valueOf(await held.partAround(path, 0, start))).toBe(first);
    valueOf(await held.partAround(path, 1, start));
    expect(valueOf(await held.partAround(path, 0, start))).not.toBe(first);
    await writeFile(path, await slope(60, 50).png().toBuffer());
    await utimes(path, 1, 1);
    expect(valueOf(await held.partAround(path, 0, start)).info).toMatchObject({ width: 60, height: 50 });
    expect(await held.partAround(`${path}.gone`, 0, start)).toMatchObject({ ok: false, code: 'missing' });
  });
});

describe('tiles', () => {
  it.each([
    ['held whole', 1e9],
    ['held in squares', 1000],
  ])('show the right place of the oriented original, %s', async (_how, limit) => {
    const upright = await slope(1200, 700).png().toBuffer();
    const stored = await sharp(upright).rotate(270).withMetadata({ orientation: 6 }).tiff().toBuffer();
    const path = await fileOf('tiled.tif', stored);
    const held = createHeldLevels(limit);
    for (const [level, column, row, width, height] of [
      [0, 0, 0, 256, 256],
      [0, 4, 2, 176, 188],
      [1, 2, 1, 88, 94],
      [3, 0, 0, 150, 88],
    ]) {
      const tile = valueOf(await cutTile(held, path, { level, column, row, side: 256 }));
      if (tile === null) throw new Error('expected a tile');
      const shown = await centreOf(tile.bytes);
      expect([shown.width, shown.height]).toEqual([width, height]);
      const size = levelSize({ width: 1200, height: 700 }, level);
      const [x, y] = [column * 256 + (width >> 1) + 0.5, row * 256 + (height >> 1) + 0.5];
      expect(farthest(shown.colour, slopeColour(x / size.width, y / size.height))).toBeLessThan(6);
    }
    expect(valueOf(await cutTile(held, path, { level: 0, column: 5, row: 0, side: 256 }))).toBeNull();
    expect(valueOf(await cutTile(held, path, { level: 3, column: 0, row: 1, side: 256 }))).toBeNull();
  });
});
