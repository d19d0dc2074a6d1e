import { describe, expect, it } from 'vitest';
import { splitImages } from '../../../../core/engine/exports/split-export.ts';

const images = Array.from({ length: 200 }, (_, n) => ({
  id: `image ${n}`,
  sha256: n === 7 ? 'hash 3' : `hash ${n}`,
  groups: n % 10 === 0 ? [`burst ${Math.floor(n / 50)}`] : n === 31 ? ['same 7'] : n === 7 ? ['same 7'] : [],
}));

describe('the parts of a dataset', () => {
  const parts = splitImages(images, { train: 0.7, validation: 0.1, test: 0.2 }, 1);

  it('have about the shares that were asked for', () => {
    const count = (part: string) => [...parts.values()].filter((one) => one === part).length;
    expect(count('train')).toBeGreaterThan(130);
    expect(count('validation')).toBeGreaterThan(14);
    expect(count('test')).toBeGreaterThan(32);
    expect(parts.size).toBe(200);
  });

  it('keep together what has the same bytes or stands in one group, also through others', () => {
    expect(new Set(['image 3', 'image 7', 'image 31'].map((id) => parts.get(id))).size).toBe(1);
    for (const burst of [0, 1, 2, 3])
      expect(new Set([0, 10, 20, 30, 40].map((n) => parts.get(`image ${50 * burst + n}`))).size).toBe(1);
  });

  it('are the same for the same seed', () => {
    expect(splitImages(images, { train: 0.7, validation: 0.1, test: 0.2 }, 1)).toEqual(parts);
    expect(splitImages(images, { train: 0.7, validation: 0.1, test: 0.2 }, 2)).not.toEqual(parts);
  });
});
