import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGradientExtractor } from '../../../../core/features/gradient-extractor.ts';
import type { FeatureExtractor } from '../../../../core/features/feature-maps.ts';
import { pixelToUnit } from '../../../../core/geometry/frames.ts';
import { determinant, multiply, type Matrix3 } from '../../../../core/geometry/matrix.ts';
import { decode } from '../../../../core/graph/decode.ts';
import { float32 } from '../../../../core/graph/tensor.ts';
import { cornerDistance, pixelsOf } from '../../../../core/learn/aligner/agreement.ts';
import type { TrainedAligner } from '../../../../core/learn/aligner/train-aligner.ts';
import { trainAligner } from '../../../../core/learn/aligner/train-aligner.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../../../core/learn/checkpoint.ts';
import type { CongealResult } from '../../../../core/learn/congeal/result.ts';
import { median } from '../../../../core/learn/congeal/scores.ts';
import type { LearnEvent } from '../../../../core/learn/event.ts';
import { inspectModel } from '../../../../core/runtime/inspect.ts';
import { openSession, type Session } from '../../../../core/runtime/session.ts';
import { knownAlignment } from '../../../support/known-alignment.ts';
import { drawPosedBeetles } from '../../../support/posed-beetles.ts';

const effort = { views: 480, steps: 130, batch: 16, learningRate: 3e-3 };
const beetles = drawPosedBeetles(18, 7, 0.6);
const [known, fresh] = [beetles.slice(0, 12), beetles.slice(12)];
const images = known.map(({ image }) => image);

interface Run {
  readonly trained: TrainedAligner;
  readonly events: readonly LearnEvent[];
}

describe('a briefly trained aligner', () => {
  let extractor: FeatureExtractor;
  let alignment: CongealResult;
  let whole: Run;
  let session: Session;

  const run = async (
    resume?: Checkpoint,
    changes: { readonly mirror?: boolean; readonly steps?: number } = {},
  ): Promise<Run> => {
    const options = {
      ...{ features: { extractor }, family: 'affine' as const, mirror: changes.mirror ?? false, size: 64 },
      effort: { ...effort, ...(changes.steps !== undefined && { steps: changes.steps }) },
    };
    const learning = trainAligner(images, alignment, options, { seed: 1, threads: 1, resume });
    const events: LearnEvent[] = [];
    let step = await learning.next();
    for (; step.done !== true; step = await learning.next()) events.push(step.value);
    return { trained: step.value, events };
  };

  beforeAll(async () => {
    extractor = openGradientExtractor({ threads: 1 });
    alignment = await knownAlignment(known, extractor, 'affine');
    whole = await run();
    session = await openSession(whole.trained.model, { threads: 1 });
  });

  afterAll(async () => {
    await session.dispose();
    await extractor.dispose();
  });

  test('comes near the truth on pictures it has not seen', async () => {
    const distances: number[] = [];
    for (const { image, truth } of fresh) {
      const { theta } = await session.run({ pixels: pixelsOf(image) });
      distances.push(cornerDistance(multiply(pixelToUnit(image.width, image.height), truth), matrixOf(theta.data)));
    }
    expect(median(distances)).toBeLessThan(0.2);
  });

  test('learns, says how far it is, and reports how well it agrees with the alignment', () => {
    const { losses, figures } = whole.trained;
    expect(losses).toHaveLength(effort.steps);
    expect(losses.slice(-10).reduce((a, b) => a + b)).toBeLessThan(0.6 * losses.slice(0, 10).reduce((a, b) => a + b));
    const phases = new Set(whole.events.flatMap((event) => (event.kind === 'progress' ? [event.phase] : [])));
    expect([...phases]).toEqual(['views', 'train', 'check']);
    expect(figures['aligner corner distance']).toBeLessThan(0.15);
    expect(figures['aligner within 0.1']).toBeGreaterThan(0.4);
  });

  test('goes on from a checkpoint to the same bytes', async () => {
    const saved = whole.events.find((event) => event.kind === 'checkpoint');
    if (!saved) throw new Error('nothing was saved');
    const resumed = await run(decodeCheckpoint(encodeCheckpoint(saved.state)));
    expect(Buffer.compare(resumed.trained.model, whole.trained.model)).toBe(0);
    expect(resumed.trained.losses).toEqual(whole.trained.losses);
    await expect(run(saved.state, { steps: 131 })).rejects.toMatchObject({ code: 'checkpoint-mismatch' });
  });

  test('takes any number of images of any size and gives finite transforms, crops and scores', async () => {
    for (const [count, height, width] of [
      [1, 61, 33],
      [3, 40, 200],
      [2, 700, 500],
    ]) {
      const pixels = Float32Array.from({ length: count * 3 * height * width }, (_, i) => ((i * 7919) % 251) / 250);
      const { theta, crop, score } = await session.run({ pixels: float32(pixels, [count, 3, height, width]) });
      expect([theta.shape, crop.shape, score.shape]).toEqual([[count, 2, 3], [count, 3, 64, 64], [count]]);
      for (const { data } of [theta, crop, score]) expect(Array.from(data, Number).every(Number.isFinite)).toBe(true);
    }
  });

  test('gives the same for an image alone, in a batch, and twice as large', async () => {
    const [first, second] = fresh.map(({ image }) => pixelsOf(image));
    const both = Float32Array.from([...Array.from(first.data, Number), ...Array.from(second.data, Number)]);
    const [, , height, width] = first.shape;
    const together = await session.run({ pixels: float32(both, [2, 3, height, width]) });
    const alone = await session.run({ pixels: second });
    alone.theta.data.forEach((value, i) => expect(Number(together.theta.data[6 + i])).toBeCloseTo(Number(value), 3));
    const large = new Float32Array(4 * second.data.length);
    for (let i = 0; i < large.length; i++) {
      const [x, y, c] = [
        i % (2 * width),
        Math.floor(i / (2 * width)) % (2 * height),
        Math.floor(i / (4 * width * height)),
      ];
      large[i] = Number(second.data[(c * height + (y >> 1)) * width + (x >> 1)]);
    }
    const doubled = await session.run({ pixels: float32(large, [1, 3, 2 * height, 2 * width]) });
    expect(cornerDistance(matrixOf(alone.theta.data), matrixOf(doubled.theta.data))).toBeLessThan(0.08);
  });

  test('is a plain model: standard ops of opset 18, and says what it is', () => {
    const { model } = whole.trained;
    const { opset, nodes } = decode(model);
    expect(opset).toBe(18);
    expect(nodes.every(({ domain }) => domain === '')).toBe(true);
    const { metadata } = inspectModel(model);
    expect(metadata).toMatchObject({ kind: 'aligner', family: 'affine', work_side: '256' });
  });

  test('of a set that may be mirrored turns over what it sees mirrored', async () => {
    const { trained } = await run(undefined, { mirror: true });
    const both = await openSession(trained.model, { threads: 1 });
    let turned = 0;
    for (const { image } of known) {
      const { width, height } = image;
      const pixels = pixelsOf(image);
      const mirrored = Float32Array.from({ length: pixels.data.length }, (_, i) =>
        Number(pixels.data[i - 2 * (i % width) + width - 1]),
      );
      const plain = await both.run({ pixels });
      const flipped = await both.run({ pixels: float32(mirrored, [1, 3, height, width]) });
      expect(Number(flipped.score.data[0])).toBeCloseTo(Number(plain.score.data[0]), 1);
      turned += determinant(matrixOf(plain.theta.data)) * determinant(matrixOf(flipped.theta.data)) < 0 ? 1 : 0;
    }
    expect(turned).toBeGreaterThan(0.7 * known.length);
    await both.dispose();
  });
});

function matrixOf(theta: ArrayLike<number | bigint>): Matrix3 {
  const [a, b, x, c, d, y] = Array.from(theta, Number);
  return [a, b, x, c, d, y, 0, 0, 1];
}
