import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { drawScene } from '../../../../core/datasets/samples/beetle/scene.ts';
import { drawBeetles } from '../../../../core/datasets/samples/beetles.ts';
import { hiddenShare, layLeaf, tightBox } from '../../../../core/datasets/samples/cover.ts';
import type { SamplePicture } from '../../../../core/datasets/samples/picture.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { singularValues } from '../../../../core/geometry/matrix.ts';

function digest(pictures: readonly SamplePicture[]): string {
  const hash = createHash('sha256');
  for (const picture of pictures) hash.update(picture.data).update(JSON.stringify(picture.truth));
  return hash.digest('hex');
}

describe('drawBeetles', () => {
  const pictures = [...drawBeetles({ seed: 3, count: 8 })];

  test('draws the same pictures again, whatever their number, and others for another seed', () => {
    expect(digest([...drawBeetles({ seed: 3, count: 3 })])).toBe(digest(pictures.slice(0, 3)));
    expect(digest([...drawBeetles({ seed: 4, count: 3 })])).not.toBe(digest(pictures.slice(0, 3)));
    expect(new Set(pictures.map((picture) => digest([picture]))).size).toBe(pictures.length);
  });

  test('varies sizes around the width asked for', () => {
    for (const { width, height, channels, data } of pictures) {
      expect(width).toBeGreaterThanOrEqual(280);
      expect(width).toBeLessThanOrEqual(360);
      expect(height).toBeGreaterThanOrEqual(264);
      expect(height).toBeLessThanOrEqual(340);
      expect(data.length).toBe(width * height * channels);
    }
    expect(new Set(pictures.map(({ width, height }) => `${width}x${height}`)).size).toBeGreaterThan(4);
    const [small] = drawBeetles({ seed: 3, count: 1, width: 160 });
    expect(small.width).toBeLessThanOrEqual(180);
  });

  test('tells where the beetle is: a similarity, a box inside the picture, landmarks inside the box', () => {
    for (const { width, height, truth } of pictures) {
      const [a, b, , c, d] = truth.objectToPixel;
      const [large, small] = singularValues(a, b, c, d);
      expect(large).toBeCloseTo(small, 6);
      expect(a * d - b * c).toBeGreaterThan(0);
      expect(truth.box.xmin).toBeGreaterThan(0);
      expect(truth.box.ymin).toBeGreaterThan(0);
      expect(truth.box.xmax).toBeLessThan(width);
      expect(truth.box.ymax).toBeLessThan(height);
      expect(truth.landmarks.length).toBeGreaterThanOrEqual(12);
      for (const { point } of truth.landmarks) {
        expect(point.x).toBeGreaterThanOrEqual(truth.box.xmin - 2);
        expect(point.x).toBeLessThanOrEqual(truth.box.xmax + 2);
        expect(point.y).toBeGreaterThanOrEqual(truth.box.ymin - 2);
        expect(point.y).toBeLessThanOrEqual(truth.box.ymax + 2);
      }
    }
  });

  test('moves the joints: articulated landmarks differ between beetles in the object frame, the others do not', () => {
    const rests = [0, 1, 2].map((index) => drawScene(createRandom(3).fork(`beetle-${index}`), 1).body.landmarks);
    for (const [index, landmark] of rests[0].entries()) {
      const moved = Math.hypot(landmark.x - rests[1][index].x, landmark.y - rests[1][index].y);
      expect(moved > 1e-9).toBe(landmark.articulated);
    }
  });

  test('has a box tight around the beetle alone', () => {
    const { layer } = drawScene(createRandom(3).fork('beetle-0'), 1);
    const covered = (x: number, y: number): boolean => layer.alpha[y * layer.width + x] >= 0.5;
    const { box } = pictures[0].truth;
    expect(box).toEqual(tightBox(layer));
    const rows = Array.from({ length: layer.height }, (_, y) => y);
    const columns = Array.from({ length: layer.width }, (_, x) => x);
    expect(columns.findIndex((x) => rows.some((y) => covered(x, y)))).toBe(box.xmin);
    expect(columns.findLastIndex((x) => rows.some((y) => covered(x, y))) + 1).toBe(box.xmax);
    expect(rows.findIndex((y) => columns.some((x) => covered(x, y)))).toBe(box.ymin);
    expect(rows.findLastIndex((y) => columns.some((x) => covered(x, y))) + 1).toBe(box.ymax);
  });

  test('hides at most a quarter of a beetle', () => {
    const random = createRandom(5);
    const { layer, view, light } = drawScene(random, 0.5);
    const shares = [1, 2, 3, 4].map((leaf) => hiddenShare(layer, layLeaf(layer, view, light, random.fork(`${leaf}`))));
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.25);
    expect(Math.max(...shares)).toBeGreaterThan(0.02);
  });
});
