import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../../core/geometry/random.ts';
import { additionExamples, clutteredExamples } from '../../../../../core/learn/classify/distort/composites.ts';
import {
  distortedExamples,
  type DistortionName,
  distortions,
} from '../../../../../core/learn/classify/distort/distortion.ts';
import { type ExampleSource, fixExamples, type LabelledImages } from '../../../../../core/learn/classify/examples.ts';

const side = 28;
const names = Object.keys(distortions) as DistortionName[];

/** One bright square of 8 pixels in the middle of every picture; classes 0 and 3. */
const images: LabelledImages = {
  shape: [1, side, side],
  pixels: Uint8Array.from({ length: 2 * side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side) % side];
    return Math.abs(x - 13.5) < 4 && Math.abs(y - 13.5) < 4 ? 255 : 0;
  }),
  labels: Uint16Array.of(0, 3),
  classes: ['0', '1', '2', '3'],
};

function drawn(source: ExampleSource, seed: number) {
  return fixExamples(source, createRandom(seed));
}

/** Sum of the values of the first picture, and their centre in pixels. */
function massOf({ values, shape: [, height, width] }: ReturnType<typeof drawn>) {
  let [mass, x, y] = [0, 0, 0];
  for (let i = 0; i < width * height; i++) {
    mass += values[i];
    x += values[i] * ((i % width) + 0.5);
    y += values[i] * (Math.floor(i / width) + 0.5);
  }
  return { mass, x: x / mass, y: y / mass };
}

describe.each(names)('%s', (name) => {
  it('is drawn anew, from its seed alone, with values 0..1', () => {
    const source = distortedExamples(images, name);
    const [one, again, other] = [drawn(source, 1), drawn(source, 1), drawn(source, 2)];
    expect(one).toEqual(again);
    expect(one.values).not.toEqual(other.values);
    expect(one.values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect([...one.labels]).toEqual([0, 3]);
  });
});

describe('the strength of a distortion', () => {
  const drawnAt = (source: ExampleSource, strength: number): Float32Array => {
    const into = new Float32Array(source.shape.reduce((a, b) => a * b));
    source.draw(1, createRandom(5), into, 0, strength);
    return into;
  };
  const far = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
  const plain = Float32Array.from(images.pixels.subarray(side * side), (value) => value / 255);

  it.each(names)('%s: at 0 the picture is as it was, in the middle; at 1 it is distorted', (name) => {
    const source = distortedExamples(images, name);
    const [, height, width] = source.shape;
    const middle = new Float32Array(width * height);
    const [left, top] = [(width - side) / 2, (height - side) / 2];
    for (let row = 0; row < side; row++)
      middle.set(plain.subarray(row * side, (row + 1) * side), (top + row) * width + left);
    expect(far(drawnAt(source, 0), middle)).toBeLessThan(1e-6);
    expect(far(drawnAt(source, 1), middle)).toBeGreaterThan(0.1);
  });

  it('addition: both pictures are left in the middle; clutter: none is there', () => {
    const both = drawnAt(additionExamples(images), 0);
    expect(far(both.subarray(0, 1764), both.subarray(1764))).toBe(0);
    expect(drawnAt(clutteredExamples(images), 0).reduce((sum, value) => sum + value)).toBeCloseTo(64, 3);
  });
});

describe('what the distortions do', () => {
  it('rotation keeps size and centre', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { mass, x, y } = massOf(drawn(distortedExamples(images, 'rotation'), seed));
      expect(mass).toBeCloseTo(64, -0.5);
      expect(Math.hypot(x - 14, y - 14)).toBeLessThan(0.2);
    }
  });

  it('scatter scales by 0.7 to 1.2 and keeps the frame within 42 x 42', () => {
    const found = Array.from({ length: 60 }, (_, seed) => drawn(distortedExamples(images, 'scatter'), seed));
    expect(found[0].shape).toEqual([1, 42, 42]);
    const masses = found.map((one) => massOf(one));
    for (const { mass, x, y } of masses) {
      const size = Math.sqrt(mass / 64);
      expect(size).toBeGreaterThan(0.65);
      expect(size).toBeLessThan(1.25);
      const room = (42 - 28 * size) / 2 + 1.5;
      expect(Math.max(Math.abs(x - 21), Math.abs(y - 21))).toBeLessThan(room);
    }
    expect(Math.max(...masses.map(({ x }) => x)) - Math.min(...masses.map(({ x }) => x))).toBeGreaterThan(8);
  });

  it('projective maps never fold: something of the square is always there', () => {
    for (let seed = 0; seed < 60; seed++)
      expect(massOf(drawn(distortedExamples(images, 'projective'), seed)).mass).toBeGreaterThan(5);
  });

  it('elastic warps bend, but stay near', () => {
    const { mass, x, y } = massOf(drawn(distortedExamples(images, 'elastic'), 4));
    expect(mass).toBeGreaterThan(35);
    expect(Math.hypot(x - 14, y - 14)).toBeLessThan(3);
  });
});

describe('composites', () => {
  it('cluttered: 60 x 60, the whole picture and at most 16 crops beside it', () => {
    const cluttered = drawn(clutteredExamples(images), 3);
    expect(cluttered.shape).toEqual([1, 60, 60]);
    const { mass } = massOf(cluttered);
    expect(mass).toBeGreaterThanOrEqual(64);
    expect(mass).toBeLessThanOrEqual(64 + 16 * 36);
    const alone = massOf(drawn(clutteredExamples(images, { side: 60, crops: 0, cropSide: 6 }), 3));
    expect(alone.mass).toBeCloseTo(64, 3);
    expect(() => clutteredExamples(images, { side: 20, crops: 1, cropSide: 6 })).toThrow(/cannot be cluttered/);
  });

  it('addition: a picture in each of two channels, the sum as the class', () => {
    const source = additionExamples(images);
    expect(source.classes).toHaveLength(7);
    const sums = Array.from({ length: 20 }, (_, seed) => drawn(source, seed).labels[1]);
    expect(new Set(sums)).toEqual(new Set([3, 6]));
    const { values, shape } = drawn(source, 1);
    expect(shape).toEqual([2, 42, 42]);
    for (const channel of [0, 1])
      expect(values.subarray(channel * 1764, (channel + 1) * 1764).some((value) => value > 0.9)).toBe(true);
  });
});
