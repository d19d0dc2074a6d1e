import { describe, expect, it } from 'vitest';
import {
  canonicalFromPixel,
  changeFlag,
  itkFromPixel,
  openCvFromPixel,
  pixelFromCanonical,
  pixelFromItk,
  pixelFromOpenCv,
  pixelFromUnit,
  unitFromPixel,
} from '../../../core/geometry/interchange.ts';
import { applyPoint, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { expectClose } from './support.ts';

/* A source of 8 x 6 pixels, a crop of 4 x 2. */
const sizes = { source: { width: 8, height: 6 }, crop: { width: 4, height: 2 } };
/** Half of the source, moved a quarter of its width to the right and turned a little in unit coordinates. */
const theta: Matrix3 = [0.5, 0.25, 0.25, -0.5, 0.5, 0, 0, 0, 1];

describe('one transform as other programs write it', () => {
  it('in pixels, from a theta for the outer edges (PyTorch, align_corners=False)', () => {
    /* x: 4 (0.5 (x/2 - 1) + 0.25 (y - 1) + 0.25) + 4; y: 3 (-0.5 (x/2 - 1) + 0.5 (y - 1)) + 3. */
    expectClose(pixelFromUnit(theta, sizes, false), [1, 1, 2, -0.75, 1.5, 3, 0, 0, 1], 1e-12);
    expectClose(unitFromPixel([1, 1, 2, -0.75, 1.5, 3, 0, 0, 1], sizes, false), theta, 1e-12);
  });

  it('in pixels, from a theta for the corner pixels (PyTorch, align_corners=True)', () => {
    /* Index x: 3.5 (0.5 (2 i / 3 - 1) + 0.25 (2 j - 1) + 0.25) + 3.5 = 7/6 i + 7/4 j + 7/4, corner frame half a pixel on. */
    const expected: Matrix3 = [
      7 / 6,
      7 / 4,
      7 / 4 + 0.5 - 7 / 12 - 7 / 8,
      -5 / 6,
      5 / 2,
      5 / 2 + 0.5 + 5 / 12 - 5 / 4,
      0,
      0,
      1,
    ];
    expectClose(pixelFromUnit(theta, sizes, true), expected, 1e-12);
    expectClose(openCvFromPixel(expected), [7 / 6, 7 / 4, 7 / 4, -5 / 6, 5 / 2, 5 / 2, 0, 0, 1], 1e-12);
    expectClose(unitFromPixel(expected, sizes, true), theta, 1e-12);
  });

  it('from one flag of PyTorch to the other: the identity of one is none of the other', () => {
    const identity: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    expectClose(changeFlag(identity, sizes, true, false), [7 / 6, 0, 0, 0, 5 / 3, 0, 0, 0, 1], 1e-12);
    expectClose(changeFlag(identity, sizes, false, true), [6 / 7, 0, 0, 0, 3 / 5, 0, 0, 0, 1], 1e-12);
    expectClose(changeFlag(changeFlag(theta, sizes, false, true), sizes, true, false), theta, 1e-12);
  });

  it('for OpenCV, which counts from the centre of the first pixel', () => {
    /* Twice as large about the corner: the first pixel's centre lies at -1/4 of the source's indices. */
    expect(openCvFromPixel([0.5, 0, 0, 0, 0.5, 0, 0, 0, 1])).toEqual([0.5, 0, -0.25, 0, 0.5, -0.25, 0, 0, 1]);
    expectClose(openCvFromPixel([1, 1, 2, -0.75, 1.5, 3, 0, 0, 1]), [1, 1, 2.5, -0.75, 1.5, 2.875, 0, 0, 1], 1e-12);
    expectClose(pixelFromOpenCv([1, 1, 2.5, -0.75, 1.5, 2.875, 0, 0, 1]), [1, 1, 2, -0.75, 1.5, 3, 0, 0, 1], 1e-12);
    const bent: Matrix3 = [1, 0, 0, 0, 1, 0, 0.5, 0, 1];
    const found = applyPoint(openCvFromPixel(bent), 1.5, 0.5);
    const here = applyPoint(bent, 2, 1);
    expectClose([found.x, found.y], [here.x - 0.5, here.y - 0.5], 1e-12);
  });

  it('for ITK, in physical places, with a centre of rotation', () => {
    const matrix: Matrix3 = [1, 1, 2, -0.75, 1.5, 3, 0, 0, 1];
    expect(itkFromPixel(matrix)).toEqual({ matrix: [1, 1, -0.75, 1.5], translation: [2.5, 2.875], centre: [0, 0] });
    /* Spacing 0.5 and 2 mm in the source, 1 mm in the crop, origins moved. */
    const placed = {
      source: { spacing: [0.5, 2], origin: [10, 20] },
      crop: { spacing: [1, 1], origin: [-1, 3] },
    } as const;
    const found = itkFromPixel(matrix, { ...placed, centre: [4, 5] });
    /* x: 10 + 0.5 (p.x + 1 + p.y - 3 + 2.5); y: 20 + 2 (-0.75 (p.x + 1) + 1.5 (p.y - 3) + 2.875). */
    expectClose(found.matrix, [0.5, 0.5, -1.5, 3], 1e-12);
    expectClose(found.translation, [0.5 * 4 + 0.5 * 5 + 10.25 - 4, -1.5 * 4 + 3 * 5 + 15.25 - 5], 1e-12);
    expectClose(pixelFromItk(found, placed), matrix, 1e-12);
    expectClose(pixelFromItk(itkFromPixel(matrix, { centre: [7, -2] })), matrix, 1e-12);
    expect(() => itkFromPixel([1, 0, 0, 0, 1, 0, 0.1, 0, 1])).toThrow(/projective/);
    expect(() => itkFromPixel([1, 0, 0, 0, 1, 0, 0, 0, 0])).toThrow(/last entry, which is 0/);
  });

  it('as c2i of our files', () => {
    /* The crop's canonical frame spans 4 x 2 pixels of the crop. */
    expectClose(
      canonicalFromPixel([1, 1, 2, -0.75, 1.5, 3, 0, 0, 1], sizes.crop),
      [2, 1, 5, -1.5, 1.5, 3, 0, 0, 1],
      1e-12,
    );
    expectClose(
      pixelFromCanonical([2, 1, 5, -1.5, 1.5, 3, 0, 0, 1], sizes.crop),
      [1, 1, 2, -0.75, 1.5, 3, 0, 0, 1],
      1e-12,
    );
  });

  it('has no unit coordinates of corner pixels where there is one pixel only', () => {
    const thin = { source: { width: 1, height: 6 }, crop: sizes.crop };
    expect(() => unitFromPixel(theta, thin, true)).toThrow(/1 x 6 pixels/);
  });
});
