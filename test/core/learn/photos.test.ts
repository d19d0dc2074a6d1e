import { beforeAll, describe, expect, it } from 'vitest';
import { type Encoder, openEncoder } from '../../../core/features/encoder.ts';
import type { WorkImage } from '../../../core/features/work-image.ts';
import { iou } from '../../../core/geometry/boxes.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../../core/learn/checkpoint.ts';
import { applyLocaliser } from '../../../core/learn/colocalise/apply-localiser.ts';
import { colocalisePhotos, type PhotoResult } from '../../../core/learn/colocalise/photos.ts';
import { tinyEncoder } from '../../support/tiny-encoder.ts';
import { finalOf } from '../../support/final-of.ts';

/** Green noise with a red, striped rectangle somewhere. */
function scenes(count: number, seed: number): { images: WorkImage[]; truth: PhotoResult['findings'][number]['box'][] } {
  const random = createRandom(seed);
  const [width, height] = [96, 80];
  const truth: PhotoResult['findings'][number]['box'][] = [];
  const images = Array.from({ length: count }, (_, n) => {
    const [w, h] = [40 + random.integer(16), 34 + random.integer(14)];
    const [left, top] = [random.integer(width - w), random.integer(height - h)];
    truth.push({ xmin: 2 * left, ymin: 2 * top, xmax: 2 * (left + w), ymax: 2 * (top + h) });
    const data = new Uint8Array(3 * width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const inside = x >= left && x < left + w && y >= top && y < top + h;
        const colour = inside ? (Math.floor(x / 3) % 2 === 0 ? [220, 60, 40] : [160, 30, 60]) : [50, 130, 70];
        colour.forEach((value, c) => (data[(c * height + y) * width + x] = value + random.integer(30)));
      }
    const raster = { width, height, channels: 3, data };
    return { id: `${n}.png`, width: 2 * width, height: 2 * height, raster };
  });
  return { images, truth };
}

async function find(
  images: readonly WorkImage[],
  encoder: Encoder,
  resume?: Checkpoint,
): Promise<{ result: PhotoResult; checkpoints: Checkpoint[]; phases: Set<string> }> {
  const checkpoints: Checkpoint[] = [];
  const phases = new Set<string>();
  const learning = colocalisePhotos(images, encoder, { objectSize: 'auto' }, { seed: 4, threads: 1, resume });
  for (;;) {
    const { done, value } = await learning.next();
    if (done) return { result: value, checkpoints, phases };
    if (value.kind === 'checkpoint') checkpoints.push(decodeCheckpoint(encodeCheckpoint(value.state)));
    else if (value.kind === 'progress') phases.add(value.phase);
  }
}

describe('co-localisation of photos', () => {
  let encoder: Encoder;
  let whole: Awaited<ReturnType<typeof find>>;
  const { images, truth } = scenes(24, 1);
  beforeAll(async () => {
    encoder = await openEncoder(tinyEncoder(), 'tiny.onnx', undefined, { threads: 1 });
    whole = await find(images, encoder);
    return () => encoder.dispose();
  });

  it('finds the object and says how far it is', () => {
    const overlaps = whole.result.findings.map(({ box }, n) => iou(box ?? fail(), truth[n] ?? fail()));
    expect(overlaps.filter((overlap) => overlap > 0.5).length).toBeGreaterThanOrEqual(22);
    expect([...whole.phases]).toEqual(['describe', 'search', 'learn', 'refine']);
  });

  it('writes a localiser that finds it in new images of other sizes', async () => {
    const fresh = scenes(12, 2);
    const found = await finalOf(applyLocaliser(whole.result.model ?? fail(), fresh.images, { threads: 1 }));
    const overlaps = found.map(({ box }, n) => iou(box, fresh.truth[n] ?? fail()));
    expect(overlaps.filter((overlap) => overlap > 0.5).length).toBeGreaterThanOrEqual(10);
  });

  it('goes on from any checkpoint to the same bytes', async () => {
    expect(whole.checkpoints.length).toBeGreaterThan(2);
    for (const checkpoint of [whole.checkpoints[0], whole.checkpoints[1]]) {
      const { result } = await find(images, encoder, checkpoint);
      expect(result).toEqual(whole.result);
    }
  });

  it('refuses a checkpoint of something else, and images in which nothing differs', async () => {
    const other: Checkpoint = { stage: 'digits', values: {}, tensors: {} };
    await expect(find(images, encoder, other)).rejects.toMatchObject({ code: 'checkpoint-mismatch' });
    await expect(find(images.slice(0, 1), encoder)).rejects.toMatchObject({ code: 'too-few-images' });
    await expect(find([images[0], images[0], images[0]], encoder)).rejects.toMatchObject({ code: 'images-identical' });
  });
});

function fail(): never {
  throw new Error('something is missing');
}
