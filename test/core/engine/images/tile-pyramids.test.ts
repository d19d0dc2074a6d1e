import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { TilesRequest } from '../../../../core/compute/tiles.ts';
import type { Workers } from '../../../../core/compute/supervisor/workers.ts';
import { shown } from '../../../../core/engine/images/shown-image.ts';
import { pictureKey } from '../../../../core/engine/images/thumbnail-cache.ts';
import { createTilePyramids, pyramidOf, tileSide } from '../../../../core/engine/images/tile-pyramids.ts';
import { writable } from '../../../../core/engine/open-projects.ts';
import { findImage, saveImages } from '../../../../core/store/images.ts';
import { engineWorld } from '../../../support/engine-world.ts';
import { slope } from '../../../support/pictures.ts';

const size = { width: 2100, height: 1300 };

/** An engine's tiles with a note of what the workers are asked to cut. */
async function world() {
  const made = engineWorld();
  const { engine, root } = made;
  const path = join(root, 'large.png');
  await slope(size.width, size.height).png({ compressionLevel: 1 }).toFile(path);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  const open = engine.projects.open(join(root, 'test.congeal'), { create: true });
  const stored = { storedWidth: size.width, storedHeight: size.height, orientation: 1, format: 'png' } as const;
  const [id] = saveImages(writable(open), [
    { ...size, ...stored, path, sha256, bytes: statSync(path).size, status: 'ready' },
  ]);
  const found = findImage(open.reader, id);
  if (found === undefined) throw new Error('the image is not there');
  const image = shown(found);
  const cuts: (readonly string[])[] = [];
  const workers: Workers = {
    ...engine.workers,
    call: (kind, request, options) => {
      if (kind === 'tiles')
        cuts.push((request as TilesRequest).places.map(({ level, column, row }) => `${level} ${column} ${row}`));
      return engine.workers.call(kind, request, options);
    },
  };
  const tiles = createTilePyramids({ ...engine, workers });
  const levels = pyramidOf(size);
  const all = levels.flatMap(({ columns, rows }, level) =>
    Array.from({ length: columns * rows }, (_, n) => ({ level, column: n % columns, row: Math.floor(n / columns) })),
  );
  const isKept = (at: (typeof all)[number]) => engine.cache.has(pictureKey('tile', sha256, { ...at, side: tileSide }));
  const kept = async () => {
    while (!all.every(isKept)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { engine, open, image, tiles, cuts, all, kept, path, isKept };
}

const open = new AbortController().signal;

describe('tiles', () => {
  it('that are asked for at the same time are cut together, once each, and the others ahead of anyone asking', async () => {
    const { open: project, image, tiles, cuts, all, kept, path } = await world();
    expect(all).toHaveLength(15 + 6 + 2 + 1);
    const wanted = all.filter(({ level, column }) => level === 1 && column < 2);
    const asked = [...wanted, ...wanted].map((at) => tiles.tileOf(project, image, at, open));
    const made = await Promise.all(asked);
    expect(cuts[0].toSorted()).toEqual(wanted.map(({ column, row }) => `1 ${column} ${row}`).toSorted());
    for (const [n, { column, row }] of wanted.entries()) {
      expect(made[n]).toEqual(made[n + wanted.length]);
      const { width, height } = await sharp(made[n]).metadata();
      expect([width, height]).toEqual([Math.min(512, 1050 - 512 * column), Math.min(512, 650 - 512 * row)]);
    }
    await kept();
    expect(cuts.flat().toSorted()).toEqual(all.map(({ level, column, row }) => `${level} ${column} ${row}`).toSorted());
    /* After the level that is looked at comes the finer one. */
    expect(cuts[1].every((place) => /^[01] /.test(place))).toBe(true);
    rmSync(path);
    for (const at of all) expect((await tiles.tileOf(project, image, at, open)).length).toBeGreaterThan(100);
  });

  it('that nobody waits for any more are given up, and those of an image that is left behind are not made ahead', async () => {
    const { open: project, image, tiles, cuts, all, engine, isKept } = await world();
    const away = new AbortController();
    const [first, second] = all;
    const left = tiles.tileOf(project, image, first, away.signal);
    const stays = tiles.tileOf(project, image, second, open);
    const both = tiles.tileOf(project, image, second, away.signal);
    away.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(both).rejects.toThrow('gone');
    expect((await stays).length).toBeGreaterThan(100);
    expect(cuts[0]).toEqual(['0 1 0']);
    expect(isKept(second)).toBe(true);
    await engine.workers.close();
    const failed = all.find((at) => !isKept(at)) ?? first;
    await expect(tiles.tileOf(project, image, failed, open)).rejects.toThrow();
  });

  it('of files that have changed or gone are refused with the reason', async () => {
    const { open: project, image, tiles, all, path } = await world();
    await slope(600, 400).png().toFile(path);
    await expect(tiles.tileOf(project, image, all[14], open)).rejects.toMatchObject({ code: 'input-unreadable' });
    rmSync(path);
    await expect(tiles.tileOf(project, image, all[0], open)).rejects.toMatchObject({ code: 'input-missing' });
    await expect(tiles.tileOf(project, image, { level: 9, column: 0, row: 0 }, open)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
