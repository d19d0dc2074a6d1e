import { describe, expect, it } from 'vitest';
import type { WorkImage } from '../../../core/features/work-image.ts';
import { iou } from '../../../core/geometry/boxes.ts';
import { float32, floats } from '../../../core/graph/tensor.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../../core/learn/checkpoint.ts';
import { applyLocaliser } from '../../../core/learn/colocalise/apply-localiser.ts';
import {
  colocalise,
  type ColocaliseOptions,
  type ColocaliseResult,
} from '../../../core/learn/colocalise/colocalise.ts';
import type { LearnContext } from '../../../core/learn/event.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { drawPatternSet, type PatternSet } from '../../support/pattern-images.ts';
import { finalOf } from '../../support/final-of.ts';

const usual: ColocaliseOptions = { objectSize: 'auto', objective: 'gain', net: 'heat-map' };

async function finish(
  images: readonly WorkImage[],
  options: Partial<ColocaliseOptions> = {},
  context: Partial<LearnContext> = {},
): Promise<{ result: ColocaliseResult; checkpoints: Checkpoint[]; events: number }> {
  const steps = colocalise(images, { ...usual, ...options }, { seed: 1, threads: 1, ...context });
  const checkpoints: Checkpoint[] = [];
  let events = 0;
  let step = await steps.next();
  while (!step.done) {
    events++;
    if (step.value.kind === 'checkpoint') checkpoints.push(step.value.state);
    step = await steps.next();
  }
  return { result: step.value, checkpoints, events };
}

function correct({ images }: ColocaliseResult, { truth }: PatternSet): number {
  return images.filter(({ box }, n) => box && iou(box, truth[n]) > 0.5).length / truth.length;
}

const blank: WorkImage = {
  id: 'blank',
  width: 84,
  height: 84,
  raster: { width: 84, height: 84, channels: 3, data: new Uint8Array(3 * 84 * 84).fill(90) },
};

describe('co-localisation', () => {
  it('learns to find a sign, leaves a model that does the same, and resumes to the same bytes', async () => {
    const set = drawPatternSet({ seed: 5, count: 20 });
    const { result, checkpoints, events } = await finish([...set.images, blank]);
    expect(events).toBeGreaterThan(60);
    expect(result.method).toBe('network');
    expect(correct(result, set)).toBeGreaterThan(0.95);
    expect(result.losses.at(-1)).toBeLessThan(result.losses[0] - 1);
    expect(result.figures.agreement).toBeGreaterThan(0.95);
    expect(result.figures.modelAgreement).toBeGreaterThan(0.99);
    expect(result.images.at(-1)).toEqual({
      id: 'blank',
      box: null,
      score: 0,
      reason: 'the image is blank',
      theta: null,
    });

    const fresh = drawPatternSet({ seed: 6, count: 20, width: 130, height: 100, sign: 48 });
    const found = await finalOf(applyLocaliser(result.model, fresh.images, { threads: 1 }));
    expect(found.filter(({ box }, n) => iou(box, fresh.truth[n]) > 0.5).length).toBeGreaterThan(17);

    const resume = decodeCheckpoint(encodeCheckpoint(checkpoints[1]));
    const resumed = await finish([...set.images, blank], {}, { resume });
    expect(Buffer.from(resumed.result.model).equals(Buffer.from(result.model))).toBe(true);
    expect(resumed.result.images).toEqual(result.images);
    expect(resumed.result.losses).toEqual(result.losses);
  });

  it('writes a model with the promised ports, in which theta, box and crop belong together', async () => {
    const set = drawPatternSet({ seed: 7, count: 12, inverted: true });
    const { result } = await finish(set.images, { objectSize: 0.2 });
    expect(result.figures.objectSize).toBeGreaterThan(0.15);
    expect(result.figures.objectSize).toBeLessThan(0.21);
    const session = await openSession(result.model, { threads: 1 });
    expect(session.inputs).toEqual([{ name: 'pixels', dtype: 'float32', shape: ['n', 3, 'height', 'width'] }]);
    const [height, width] = [60, 90];
    const pixels = Float32Array.from({ length: 2 * 3 * height * width }, (_, i) => (i % width) / width);
    const found = await session.run({ pixels: float32(pixels, [2, 3, height, width]) });
    await session.dispose();
    expect(found.theta.shape).toEqual([2, 2, 3]);
    expect(found.crop.shape).toEqual([2, 3, 64, 64]);
    expect(found.score.shape).toEqual([2]);
    const [theta, box, crop] = [floats(found.theta), floats(found.box), floats(found.crop)];
    expect(theta[0] * width).toBeCloseTo(theta[4] * height, 3);
    expect(Math.max(0, ((theta[2] - theta[0] + 1) / 2) * width)).toBeCloseTo(box[0], 2);
    expect(Math.min(height, ((theta[5] + theta[4] + 1) / 2) * height)).toBeCloseTo(box[3], 2);
    const middle = ((theta[2] + 1) / 2) * width;
    if (middle > 3 && middle < width - 3)
      expect((crop[32 * 64 + 31] + crop[32 * 64 + 32]) / 2).toBeCloseTo((middle - 0.5) / width, 1);
  });

  it('lets the search take over where objects differ in size', async () => {
    const set = drawPatternSet({ seed: 8, count: 24, scale: [0.7, 1.4] });
    const { result } = await finish(set.images);
    expect(result.method).toBe('search');
    expect(result.methodReason).toContain('differ in size');
    expect(correct(result, set)).toBeGreaterThan(0.85);
    expect(result.figures.sizeRatio).toBeGreaterThan(1.3);
    expect(result.figures.modelAgreement).toBeGreaterThan(0.99);
  });

  it('offers the published layers and the triplet objective', async () => {
    const set = drawPatternSet({ seed: 9, count: 8 });
    const triplet = await finish(set.images, { objective: 'triplet' });
    expect(triplet.result.losses.length).toBe(60);
    expect(correct(triplet.result, set)).toBeGreaterThan(0.8);
    const published = await finish(set.images, { net: 'published' });
    expect(published.result.losses.length).toBeGreaterThan(100);
    expect(published.result.losses.at(-1)).toBeLessThan(published.result.losses[0]);
  });

  it('says what is wrong with a set in which nothing can be found', async () => {
    const [first] = drawPatternSet({ seed: 1, count: 1 }).images;
    await expect(finish([first])).rejects.toMatchObject({ code: 'too-few-images' });
    await expect(finish([first, blank])).rejects.toMatchObject({ code: 'too-few-images' });
    await expect(finish([first, { ...first, id: 'copy' }])).rejects.toMatchObject({ code: 'images-identical' });
    await expect(finish([blank, { ...blank, id: 'other' }])).rejects.toMatchObject({ code: 'images-blank' });
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const steps = colocalise(drawPatternSet({ seed: 2, count: 6 }).images, usual, {
      seed: 1,
      threads: 1,
      signal: controller.signal,
    });
    await steps.next();
    controller.abort();
    await expect(steps.next()).rejects.toMatchObject({ name: 'AbortError' });
  });
});
