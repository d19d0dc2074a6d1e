import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyTransformer } from '../../../core/compute/apply.ts';
import type { JobMessage } from '../../../core/compute/job.ts';
import type { Learned } from '../../../core/compute/learned.ts';
import { takeAll } from '../../../core/engine/use-case.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { add, max, mul, sub } from '../../../core/graph/ops/arithmetic.ts';
import { cast } from '../../../core/graph/ops/compare.ts';
import { conv } from '../../../core/graph/ops/convolution.ts';
import { concat, expand, slice } from '../../../core/graph/ops/movement.ts';
import { reduceMean } from '../../../core/graph/ops/reduce.ts';
import { shapeOf } from '../../../core/graph/ops/run-time-shape.ts';
import { suiteFolder } from '../../support/collection.ts';

const folder = suiteFolder();
const elsewhere = suiteFolder();

/** A model whose theta are six means of convolutions: it fails on images smaller than its kernel. */
function model(kernel: number): Uint8Array {
  const g = new GraphBuilder();
  const pixels = g.input('pixels', [1, 3, 128, 128], 'float32', { 0: 'N', 2: 'H', 3: 'W' });
  const weights = Float32Array.from({ length: 9 * kernel * kernel }, (_, n) => Math.sin(n + 1));
  const maps = conv(g, pixels, g.constant(weights, [3, 3, kernel, kernel]), null, {});
  const means = reduceMean(g, maps, { axes: [2, 3], keepDims: false });
  g.output('theta', concat(g, [means, means], 1), { 0: 'N' });
  g.output('score', reduceMean(g, maps, { axes: [1, 2, 3], keepDims: false }), { 0: 'N' });
  return encode(g.build());
}

/** A model that needs a terabyte for each pixel by which an image is wider than 50. */
function greedyModel(): Uint8Array {
  const g = new GraphBuilder();
  const pixels = g.input('pixels', [1, 3, 128, 128], 'float32', { 0: 'N', 2: 'H', 3: 'W' });
  const beyond = max(g, sub(g, slice(g, shapeOf(g, pixels), { starts: [3], ends: [4] }), 50), 0);
  const much = expand(g, g.constant([1]), mul(g, beyond, 2 ** 38));
  const means = reduceMean(g, pixels, { axes: [2, 3], keepDims: false });
  g.output('theta', add(g, concat(g, [means, means], 1), mul(g, cast(g, shapeOf(g, much), 'float32'), 0)), { 0: 'N' });
  return encode(g.build());
}

beforeAll(async () => {
  for (let n = 0; n < 20; n++) {
    const side = n % 5 === 0 ? 12 : 40 + n;
    const noise = { type: 'gaussian', mean: 100 + n, sigma: 40 } as const;
    const image = sharp({ create: { width: side, height: side + 4, channels: 3, background: 'black', noise } });
    await image.png().toFile(join(folder, `${String(n).padStart(2, '0')}.png`));
  }
});

interface Given {
  readonly bytes?: Uint8Array;
  readonly resume?: Uint8Array;
  readonly names?: readonly string[];
  /** Takes what is said. */
  readonly messages?: JobMessage[];
}

function apply(kernel: number, given: Given = {}): Promise<Learned> {
  const { resume, names = readdirSync(folder), messages = [], bytes = model(kernel) } = given;
  const files = names.toSorted().map((id) => ({ id, path: join(folder, id) }));
  const request = { files, model: bytes, modelName: 'mean.onnx', allowDamaged: false };
  const context = { signal: new AbortController().signal, seed: 1, threads: 1, provider: 'cpu', resume } as const;
  return takeAll(applyTransformer(request, context), (message) => messages.push(message));
}

function statesOf(messages: readonly JobMessage[]): readonly Uint8Array[] {
  return messages.flatMap((message) => (message.event === 'checkpoint' ? [message.bytes] : []));
}

function applied(messages: readonly JobMessage[]): readonly number[] {
  return messages.flatMap((message) =>
    message.event === 'progress' && message.phase === 'apply' ? [message.done] : [],
  );
}

describe('a transformer over a collection', () => {
  it('goes on from each of its states, and ends with the same result', async () => {
    const messages: JobMessage[] = [];
    const whole = await apply(20, { messages });
    const missing = whole.located.filter(({ status }) => status === 'missing');
    expect(missing.map(({ id }) => id)).toEqual(['00.png', '05.png', '10.png', '15.png']);
    const states = statesOf(messages);
    expect(states).toHaveLength(3);
    for (const [n, resume] of states.entries()) {
      const again: JobMessage[] = [];
      expect(await apply(20, { resume, messages: again })).toEqual(whole);
      expect(applied(again)[0]).toBe(8 * n + 1);
    }
  });

  it('says of a model that takes no image the same when it goes on', async () => {
    const messages: JobMessage[] = [];
    const first: unknown = await apply(100, { messages }).catch((error: unknown) => error);
    expect(first).toMatchObject({ code: 'model-unsuitable', message: expect.stringContaining('00.png') as string });
    const { message } = first as Error;
    const resume = statesOf(messages)[2];
    await expect(apply(100, { resume })).rejects.toMatchObject({ code: 'model-unsuitable', message });
  });

  it('says of images for which there is too little memory just that, and so when it goes on', async () => {
    const messages: JobMessage[] = [];
    const bytes = greedyModel();
    const whole = await apply(0, { bytes, messages });
    const missing = whole.located.filter(({ status }) => status === 'missing');
    expect(missing.map(({ id }) => id)).toEqual(
      ['11', '12', '13', '14', '16', '17', '18', '19'].map((n) => `${n}.png`),
    );
    for (const { reason } of missing) expect(reason).toBe('there was too little memory for the model on this image');
    expect(await apply(0, { bytes, resume: statesOf(messages)[1] })).toEqual(whole);

    const again: JobMessage[] = [];
    const names = missing.map(({ id }) => id);
    const none = {
      code: 'unavailable',
      message: expect.stringMatching(/too little memory to run mean.onnx on 11.png/) as string,
    };
    await expect(apply(0, { bytes, names, messages: again })).rejects.toMatchObject(none);
    await expect(apply(0, { bytes, names, resume: statesOf(again)[0] })).rejects.toMatchObject(none);
  });

  it('refuses a collection of which nothing can be used', async () => {
    const broken = join(elsewhere, 'broken.jpg');
    writeFileSync(broken, 'Dear diary');
    const request = {
      files: [{ id: 'broken.jpg', path: broken }],
      model: model(20),
      modelName: 'm',
      allowDamaged: false,
    };
    const context = { signal: new AbortController().signal, seed: 1, threads: 1, provider: 'cpu' } as const;
    await expect(takeAll(applyTransformer(request, context), () => undefined)).rejects.toMatchObject({
      code: 'too-few-images',
      message: expect.stringMatching(/^None of the 1 files .* at least 1\. Check/) as string,
    });
  });

  it('refuses the state of other images', async () => {
    const messages: JobMessage[] = [];
    await apply(20, { messages });
    const resume = statesOf(messages)[1];
    const names = readdirSync(folder).slice(1);
    await expect(apply(20, { resume, names })).rejects.toMatchObject({ code: 'checkpoint-mismatch' });
  });
});
