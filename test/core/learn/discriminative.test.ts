import { describe, expect, it } from 'vitest';
import { iou } from '../../../core/geometry/boxes.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { discriminativeSearch, type FoundObject } from '../../../core/learn/colocalise/discriminative.ts';
import { type CellMaps, effectiveness, measure } from '../../../core/learn/colocalise/discriminative-classes.ts';
import {
  boxOfMap,
  type Lattice,
  smoothMaps,
  strongestRegion,
  upperQuantile,
} from '../../../core/learn/colocalise/discriminative-regions.ts';

const cells = 20;
const channels = 6;
const lattice: Lattice = { rows: cells, columns: cells, stride: 16, offset: 7.5, side: 320 };

interface Planted {
  readonly maps: CellMaps;
  readonly boxes: readonly { xmin: number; ymin: number; xmax: number; ymax: number }[];
}

/** Noise in which a square of 8 cells per image answers a little differently, near the middle on average. */
function plant(count: number, size: number, seed: number): Planted {
  const random = createRandom(seed);
  const data = new Float32Array(count * cells * cells * channels);
  const boxes = Array.from({ length: count }, (_, n) => {
    const left = random.integer(cells - size);
    const top = random.integer(cells - size);
    for (let y = 0; y < cells; y++)
      for (let x = 0; x < cells; x++) {
        const inside = x >= left && x < left + size && y >= top && y < top + size;
        for (let c = 0; c < channels; c++)
          data[((n * cells + y) * cells + x) * channels + c] =
            0.4 * random.normal() + (c === 2 ? (inside ? 1 : -0.3) : 0) + (c === 4 ? 0.8 * Math.sin(x + 3 * y + n) : 0);
      }
    return { xmin: left / cells, ymin: top / cells, xmax: (left + size) / cells, ymax: (top + size) / cells };
  });
  return { maps: { count, rows: cells, columns: cells, channels, data }, boxes };
}

async function searched(maps: CellMaps, objectSize: 'auto' | number): Promise<FoundObject> {
  const search = discriminativeSearch(maps, { objectSize });
  for (;;) {
    const { done, value } = await search.next();
    if (done) return value;
    expect(value).toMatchObject({ kind: 'progress', phase: 'search' });
  }
}

function overlaps({ maps, boxes }: Planted, found: FoundObject): number[] {
  const measured = smoothMaps(measure(maps, found.direction), cells, cells);
  const each = cells * cells;
  return boxes.map((box, n) =>
    iou(box, boxOfMap(measured.subarray(n * each, (n + 1) * each), lattice, found.threshold)),
  );
}

describe('discriminative search', () => {
  it.each([
    ['auto', 9],
    [0.16, 8],
  ] as const)('finds squares that answer differently (object size %s)', async (objectSize, size) => {
    const planted = plant(40, size, 2);
    const found = await searched(planted.maps, objectSize);
    const each = overlaps(planted, found);
    expect(each.filter((overlap) => overlap > 0.5).length).toBeGreaterThanOrEqual(38);
    expect(found.separation).toBeGreaterThan(0.6);
  });

  it('chooses a size near the true one and says what it tried', async () => {
    const found = await searched(plant(40, 11, 5).maps, 'auto');
    expect(Math.abs(found.objectSize - (11 / 20) ** 2)).toBeLessThan(0.06);
    expect(found.tried.map(({ objectSize }) => objectSize)).toEqual([0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45]);
  });

  it('gives the same result again', async () => {
    const { maps } = plant(10, 8, 3);
    expect(await searched(maps, 0.2)).toEqual(await searched(maps, 0.2));
  });

  it('refuses one image, impossible sizes and images without any difference', async () => {
    const { maps } = plant(2, 8, 1);
    await expect(searched({ ...maps, count: 1 }, 'auto')).rejects.toMatchObject({ code: 'too-few-images' });
    await expect(searched(maps, 1.5)).rejects.toMatchObject({ code: 'usage' });
    const blank = { ...maps, data: new Float32Array(maps.data.length) };
    await expect(searched(blank, 'auto')).rejects.toMatchObject({ code: 'images-blank' });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const search = discriminativeSearch(plant(4, 8, 1).maps, { objectSize: 'auto' }, controller.signal);
    await search.next();
    controller.abort(new Error('enough'));
    await expect(search.next()).rejects.toThrow('enough');
  });
});

describe('regions', () => {
  it('takes the connected region with the largest sum, not the highest cell', () => {
    const map = Float32Array.of(9, 0, 0, 0, 0, 0, 4, 4, 0, 0, 4, 4);
    expect(strongestRegion(map, 3, 4, 1)).toEqual({ left: 2, top: 1, right: 3, bottom: 2, cells: 4, sum: 16 });
    expect(strongestRegion(map, 3, 4, 10)).toBeUndefined();
  });

  it('places boxes by the cell centres and lets border cells reach the edge', () => {
    const map = new Float32Array(cells * cells).fill(-1);
    for (let y = 4; y < 8; y++) for (let x = 0; x < 5; x++) map[y * cells + x] = 1;
    const box = boxOfMap(map, lattice, 0);
    expect(box.xmin).toBe(0);
    expect(box.xmax).toBeCloseTo((7.5 + 4.5 * 16) / 320, 6);
    expect(box.ymin).toBeCloseTo((7.5 + 3.5 * 16) / 320, 6);
    expect(box.ymax).toBeCloseTo((7.5 + 7.5 * 16) / 320, 6);
  });

  it('measures quantiles and the share of variance between two classes', () => {
    expect(upperQuantile(Float32Array.of(5, 1, 4, 2, 3), 0.4)).toBe(4);
    for (const length of [1, 2, 7, 300])
      for (const kinds of [1, 3, 1000]) {
        const random = createRandom(length + kinds);
        const values = Float32Array.from({ length }, () => random.integer(kinds) - kinds / 2);
        const sorted = values.slice().sort();
        for (const share of [0, 0.2, 0.5, 0.99, 1])
          expect(upperQuantile(values, share)).toBe(sorted[Math.min(length - 1, Math.floor((1 - share) * length))]);
      }
    expect(effectiveness(Float32Array.of(0, 0, 1, 1), 0.5)).toBeCloseTo(1, 12);
    expect(effectiveness(Float32Array.of(1, 1, 1), 0.5)).toBe(0);
  });
});
