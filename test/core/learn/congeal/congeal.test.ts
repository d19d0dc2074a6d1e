import { describe, expect, it } from 'vitest';
import { invert, multiply, singularValues, type Matrix3 } from '../../../../core/geometry/matrix.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../../core/learn/checkpoint.ts';
import { congeal } from '../../../../core/learn/congeal/congeal.ts';
import { runCongeal } from '../../../support/alignment.ts';
import { drawFigures, type DrawnFigure } from '../../../support/figures.ts';

const settings = { seed: 3, threads: 1 };
/** Milliseconds: a busy machine needs several times the usual ten seconds. */
const patience = 300_000;

/** How far the poses of a set differ from each other: degrees and log scale, against the first image. */
function disagreement(
  figures: readonly DrawnFigure[],
  toPixels: readonly Matrix3[],
): { degrees: number; logScale: number } {
  const canonical = figures.map(({ truth }, n) => multiply(invert(toPixels[n]), truth));
  const errors = canonical.slice(1).map((matrix) => {
    const m = multiply(matrix, invert(canonical[0]));
    const [long, short] = singularValues(m[0], m[1], m[3], m[4]);
    return {
      degrees: Math.abs((Math.atan2(m[3] - m[1], m[0] + m[4]) * 180) / Math.PI),
      logScale: Math.abs(Math.log(long * short) / 2),
    };
  });
  const most = (pick: (error: (typeof errors)[number]) => number): number => Math.max(...errors.map(pick));
  return { degrees: most((error) => error.degrees), logScale: most((error) => error.logScale) };
}

describe('congeal', { timeout: patience }, () => {
  it('brings figures at any rotation into one pose, and goes on from a checkpoint to the same bytes', async () => {
    const figures = drawFigures({ count: 6, seed: 11 });
    const images = figures.map(({ image }) => image);
    const { result, checkpoints } = await runCongeal(images, { family: 'similarity' }, settings);
    const { degrees, logScale } = disagreement(
      figures,
      result.images.map((image) => image.toPixels),
    );
    expect(degrees).toBeLessThan(3);
    expect(logScale).toBeLessThan(0.06);
    expect(result.history.at(-1)).toBeGreaterThan(result.history[0]);
    const middle = checkpoints[Math.floor(checkpoints.length / 2)];
    const resume = decodeCheckpoint(encodeCheckpoint(middle));
    const again = await runCongeal(images, { family: 'similarity' }, { ...settings, resume });
    expect(JSON.stringify(again.result.images)).toBe(JSON.stringify(result.images));
    expect(again.result.history).toEqual(result.history);
  });

  it('finds which images are mirrored when asked to', async () => {
    const figures = drawFigures({ count: 6, seed: 5, turn: 0.3, mirror: true });
    const images = figures.map(({ image }) => image);
    const { result } = await runCongeal(images, { mirror: true, rotation: 36, family: 'similarity' }, settings);
    expect(result.images.map((image) => image.mirrored)).toEqual(figures.map((figure) => figure.mirrored));
    expect(
      disagreement(
        figures,
        result.images.map((image) => image.toPixels),
      ).degrees,
    ).toBeLessThan(4);
  });

  it('keeps the pose of a reference image', async () => {
    const figures = drawFigures({ count: 4, seed: 8, turn: 0.3 });
    const images = figures.map(({ image }) => image);
    const options = { reference: 'figure-2.png', rotation: 36, family: 'similarity' } as const;
    const { result } = await runCongeal(images, options, settings);
    const [a, b, , c, d] = result.images[2].toUnit;
    expect(a).toBeCloseTo(1, 6);
    expect(b).toBeCloseTo(0, 6);
    expect(c).toBeCloseTo(0, 6);
    expect(d).toBeCloseTo(1, 6);
    expect(
      disagreement(
        figures,
        result.images.map((image) => image.toPixels),
      ).degrees,
    ).toBeLessThan(4);
  });

  it('says what is wrong with sets that cannot be aligned', async () => {
    const [first, second] = drawFigures({ count: 2, seed: 1 }).map(({ image }) => image);
    const blank = {
      ...first,
      id: 'blank.png',
      raster: { ...first.raster, data: new Uint8Array(first.raster.data.length) },
    };
    const run = (images: readonly (typeof first)[], reference?: string): Promise<unknown> =>
      runCongeal(images, reference === undefined ? {} : { reference }, settings);
    await expect(run([first])).rejects.toMatchObject({ code: 'too-few-images' });
    await expect(run([first, blank])).rejects.toMatchObject({ code: 'too-few-images' });
    await expect(run([blank, { ...blank, id: 'black.png' }])).rejects.toMatchObject({ code: 'images-blank' });
    await expect(run([first, { ...first, id: 'copy.png' }])).rejects.toMatchObject({ code: 'images-identical' });
    await expect(run([first, second], 'other.png')).rejects.toMatchObject({ code: 'input-missing' });
    const elsewhere = { stage: 'congeal', values: { fingerprint: 'another' }, tensors: {} };
    await expect(runCongeal([first, second], {}, { ...settings, resume: elsewhere })).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
    });
  });

  it('stops when it is told to', async () => {
    const images = drawFigures({ count: 4, seed: 2 }).map(({ image }) => image);
    const stop = new AbortController();
    const learning = congeal(images, {}, { ...settings, signal: stop.signal });
    await learning.next();
    stop.abort(new Error('enough'));
    await expect(learning.next()).rejects.toThrow('enough');
  });
});
