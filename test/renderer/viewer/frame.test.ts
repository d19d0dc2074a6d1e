import { describe, expect, it } from 'vitest';
import { applyPoint, chain, rotate, scale, translate, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { pixelPoint } from '../../../core/geometry/units.ts';
import { dragHandle, handlesOf, type FrameHandle } from '../../../renderer/viewer/frame/handles.ts';
import {
  centreFrame,
  isMirrored,
  mirrored,
  readFrame,
  withReading,
  type FrameReading,
} from '../../../renderer/viewer/frame/reading-edits.ts';

const start: Matrix3 = chain(translate(300, 200), rotate(0.4), [120, 20, 0, -10, 90, 0, 0, 0, 1]);
const original = { width: 640, height: 480 };

function handle(family: Parameters<typeof handlesOf>[0], id: string): FrameHandle {
  const found = handlesOf(family).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no handle ${id}`);
  return found;
}

function drag(family: Parameters<typeof handlesOf>[0], id: string, x: number, y: number, sheared = false): Matrix3 {
  const one = handle(family, id);
  const from = applyPoint(start, one.at.x, one.at.y);
  return dragHandle(start, one, {
    from: pixelPoint(from.x, from.y),
    to: pixelPoint(from.x + x, from.y + y),
    sheared,
  });
}

const place = (m: Matrix3, x: number, y: number) => applyPoint(m, x, y);

describe('handles of a frame', () => {
  it('are those that the family can follow', () => {
    const kinds = (family: Parameters<typeof handlesOf>[0]) => [...new Set(handlesOf(family).map(({ kind }) => kind))];
    expect(kinds('translation')).toEqual(['move']);
    expect(kinds('similarity')).toEqual(['move', 'turn', 'scale']);
    expect(kinds('affine')).toEqual(['move', 'turn', 'scale', 'stretch']);
    expect(kinds('projective')).toEqual(['move', 'turn', 'corner']);
  });

  it('move by what they are dragged', () => {
    const moved = drag('affine', 'move', 12, -7);
    expect(place(moved, 0.3, 0.4).x - place(start, 0.3, 0.4).x).toBeCloseTo(12, 9);
  });

  it('scale about the corner across, and follow the pointer', () => {
    const made = drag('affine', 'scale bottom right', 30, 20);
    expect(place(made, -1, -1).x).toBeCloseTo(place(start, -1, -1).x, 9);
    expect(place(made, -1, -1).y).toBeCloseTo(place(start, -1, -1).y, 9);
  });

  it('stretch with the side across held, or shear', () => {
    const made = drag('affine', 'stretch right', 40, 10);
    expect(place(made, -1, 0.5).x).toBeCloseTo(place(start, -1, 0.5).x, 9);
    const skewed = drag('affine', 'stretch right', 40, 10, true);
    expect(place(skewed, -1, 0.5).y).toBeCloseTo(place(start, -1, 0.5).y, 9);
    expect(readFrame(skewed, original).shear).not.toBeCloseTo(readFrame(start, original).shear, 1);
  });

  it('put a corner where it is dragged and leave the others, but never fold', () => {
    const made = drag('projective', 'corner top left', -15, -25);
    expect(place(made, -1, -1).x).toBeCloseTo(place(start, -1, -1).x - 15, 6);
    for (const [x, y] of [
      [1, -1],
      [1, 1],
      [-1, 1],
    ]) {
      expect(place(made, x, y).x).toBeCloseTo(place(start, x, y).x, 6);
      expect(place(made, x, y).y).toBeCloseTo(place(start, x, y).y, 6);
    }
    const across = place(start, 1, 1);
    const from = place(start, -1, -1);
    expect(drag('projective', 'corner top left', 2 * (across.x - from.x), 2 * (across.y - from.y))).toBe(start);
  });

  it('stand still rather than collapse', () => {
    const [a, b] = [place(start, -1, -1), place(start, 1, 1)];
    expect(drag('affine', 'scale bottom right', a.x - b.x, a.y - b.y)).toBe(start);
  });
});

describe('a transform in words', () => {
  const values: readonly (readonly [keyof FrameReading, number])[] = [
    ['angle', -35],
    ['scale', 0.5],
    ['shiftX', 44],
    ['shiftY', -9],
    ['stretch', 1.7],
    ['shear', 12],
  ];
  it.each(values)('can be given another %s', (name, value) => {
    for (const matrix of [start, mirrored(start)]) {
      const made = readFrame(withReading(matrix, original, name, value), original);
      expect(made[name]).toBeCloseTo(value, 6);
      for (const other of ['scale', 'shiftX', 'shiftY'] as const)
        if (other !== name) expect(made[other]).toBeCloseTo(readFrame(matrix, original)[other], 6);
    }
  });

  it('is stretched from a square along its own axis', () => {
    const made = readFrame(withReading(centreFrame(original), original, 'stretch', 2), original);
    expect([made.stretch, made.angle, made.shear].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([2, 0, 0]);
  });

  it('keeps its perspective', () => {
    const bent: Matrix3 = [...start.slice(0, 6), 0.1, -0.05, 1] as unknown as Matrix3;
    const made = withReading(bent, original, 'angle', 10);
    expect(readFrame(made, original).angle).toBeCloseTo(10, 6);
    expect(made[6] / made[8]).toBeCloseTo(0.1, 6);
  });

  it('mirrors and mirrors back', () => {
    expect(isMirrored(mirrored(start))).toBe(true);
    expect(mirrored(mirrored(start))).toEqual(start.map((value) => value + 0));
    expect(scale(-1, 1)[0]).toBe(-1);
  });
});
