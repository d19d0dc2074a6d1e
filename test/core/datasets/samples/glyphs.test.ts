import { describe, expect, test } from 'vitest';
import { glyphShapes, type GlyphName } from '../../../../core/datasets/samples/glyph-shapes.ts';
import { drawGlyphs } from '../../../../core/datasets/samples/glyphs.ts';

describe('drawGlyphs', () => {
  const pictures = [...drawGlyphs({ seed: 2, count: 12 })];

  test('draws the same pictures again and others for another seed', () => {
    const again = [...drawGlyphs({ seed: 2, count: 4 })];
    expect(again).toEqual(pictures.slice(0, 4));
    expect([...drawGlyphs({ seed: 3, count: 4 })]).not.toEqual(again);
    expect(new Set(pictures.map(({ data }) => data.join())).size).toBe(pictures.length);
  });

  test('puts a frame of about 28 pixels inside 84 x 84', () => {
    for (const { width, height, channels, data, truth } of pictures) {
      expect([width, height, channels, data.length]).toEqual([84, 84, 1, 7056]);
      expect(truth.box.xmin).toBeGreaterThanOrEqual(0);
      expect(truth.box.ymin).toBeGreaterThanOrEqual(0);
      expect(truth.box.xmax).toBeLessThanOrEqual(84);
      expect(truth.box.ymax).toBeLessThanOrEqual(84);
      expect(Math.abs(truth.box.xmax - truth.box.xmin - 28)).toBeLessThan(2.5);
    }
  });

  test.each(Object.keys(glyphShapes) as GlyphName[])('%s fills its frame and stays inside it', (glyph) => {
    for (const { data, truth } of drawGlyphs({ seed: 1, count: 10, glyph, clutter: 0 })) {
      const inked = [...data.keys()].filter((index) => data[index] > 127);
      const xs = inked.map((index) => (index % 84) + 0.5);
      const ys = inked.map((index) => Math.floor(index / 84) + 0.5);
      expect(Math.min(...xs)).toBeGreaterThan(truth.box.xmin);
      expect(Math.max(...xs)).toBeLessThan(truth.box.xmax);
      expect(Math.min(...ys)).toBeGreaterThan(truth.box.ymin);
      expect(Math.max(...ys)).toBeLessThan(truth.box.ymax);
      expect(Math.max(...ys) - Math.min(...ys)).toBeGreaterThan(15);
    }
  });

  test('adds clutter of other glyphs and nothing else', () => {
    const [bare] = drawGlyphs({ seed: 2, count: 1, clutter: 0 });
    const added = pictures[0].data.filter((value, index) => value !== bare.data[index]).length;
    expect(added).toBeGreaterThan(60);
    expect(added).toBeLessThanOrEqual(16 * 36);
  });
});
