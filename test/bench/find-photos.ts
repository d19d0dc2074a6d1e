import { readFileSync } from 'node:fs';
import { loadEncoder } from '../../core/features/encoder.ts';
import type { WorkImage } from '../../core/features/work-image.ts';
import { type Box, iou } from '../../core/geometry/boxes.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { loadWorkRaster } from '../../core/imaging/decode.ts';
import { applyLocaliser } from '../../core/learn/colocalise/apply-localiser.ts';
import { colocalisePhotos, type PhotoResult, photoSide } from '../../core/learn/colocalise/photos.ts';
import { finalOf } from '../support/final-of.ts';
import { hasShared, shared } from '../support/shared.ts';

type Emit = (figure: Record<string, unknown>) => void;

interface PhotoSet {
  readonly images: readonly WorkImage[];
  readonly truth: ReadonlyMap<string, readonly Box[]>;
  readonly seconds: number;
}

interface Score {
  readonly corLoc: number;
  readonly meanIou: number;
}

const secondsPerImage = 0.15;
const model = 'models/mobilenet-v1-pw11.onnx#preactivation';
const runs = [
  { set: 'raccoon', objectSize: 'auto', target: 88 },
  { set: 'kangaroo', objectSize: 'auto', target: 56 },
  { set: 'kangaroo', objectSize: 0.2, target: 66 },
] as const;

/**
 * Finds raccoons and kangaroos in photographs with a shared encoder. Success is IoU above one half with any true box.
 *
 * Arguments: `--seed N`, `--threads N`; `--robust` adds mirrored images, random subsets of 60, and localisers that learn
 * from one half of a set and look at the other.
 */
export async function run(emit: Emit, args: string[]): Promise<void> {
  if (!hasShared) {
    emit({ bench: 'find-photos', skipped: 'the shared photographs and encoders are not here' });
    return;
  }
  const seed = Number(option(args, '--seed') ?? 1);
  const threads = Number(option(args, '--threads') ?? 2);
  for (const { set, objectSize, target } of runs) {
    const photos = await readPhotos(set);
    const figure = { bench: 'find-photos', set, objectSize, images: photos.images.length, seed };
    const { result, ...timed } = await find(photos.images, objectSize, seed, threads);
    const score = scoreOf(boxesOf(result), photos.truth);
    const perImage = (photos.seconds + timed.seconds) / photos.images.length;
    emit({
      ...figure,
      ...score,
      target,
      reached: score.corLoc >= target,
      secondsPerImage: round(perImage, 3),
      targetSecondsPerImage: secondsPerImage,
      reachedTime: perImage <= secondsPerImage,
      foundSize: result.object.objectSize,
      stages: { decode: round(photos.seconds, 2), ...timed.stages },
      longestSilence: timed.longestSilence,
    });
    if (result.model)
      emit({
        ...figure,
        what: 'localiser',
        ...scoreOf(await finalOf(applyLocaliser(result.model, photos.images, { threads })), photos.truth),
      });
    if (args.includes('--robust')) await robust(emit, { ...figure, target }, photos, objectSize, seed, threads);
  }
}

async function robust(
  emit: Emit,
  figure: Record<string, unknown>,
  photos: PhotoSet,
  objectSize: 'auto' | number,
  seed: number,
  threads: number,
): Promise<void> {
  const { images, truth } = photos;
  const mirrored = await find(images.map(mirror), objectSize, seed, threads, false);
  const unmirrored = boxesOf(mirrored.result).map(({ id, box }) => {
    const { width } = images.find((image) => image.id === id) ?? { width: 0 };
    return { id, box: { ...box, xmin: width - box.xmax, xmax: width - box.xmin } };
  });
  emit({ ...figure, what: 'mirrored', ...scoreOf(unmirrored, truth) });
  for (const subset of [1, 2, 3]) {
    const chosen = createRandom(subset).shuffle(images).slice(0, 60);
    const { result } = await find(chosen, objectSize, seed, threads, false);
    emit({ ...figure, what: `60 at random (${subset})`, ...scoreOf(boxesOf(result), truth), images: 60 });
  }
  for (const half of [0, 1]) {
    const { result } = await find(
      images.filter((_, i) => i % 2 === half),
      objectSize,
      seed,
      threads,
    );
    if (!result.model) continue;
    const others = images.filter((_, i) => i % 2 !== half);
    const score = scoreOf(await finalOf(applyLocaliser(result.model, others, { threads })), truth);
    emit({ ...figure, what: `localiser on new photos (half ${half + 1})`, ...score, images: others.length });
  }
}

async function readPhotos(set: string): Promise<PhotoSet> {
  const truth = new Map<string, Box[]>();
  for (const line of readFileSync(shared(`data/${set}/boxes.csv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1)) {
    const [file, , , , ...edges] = line.split(',');
    const [xmin, ymin, xmax, ymax] = edges.map(Number);
    truth.set(file, [...(truth.get(file) ?? []), { xmin, ymin, xmax, ymax }]);
  }
  const started = performance.now();
  const images: WorkImage[] = [];
  for (const id of [...truth.keys()].sort()) {
    const read = await loadWorkRaster(shared(`data/${set}/images/${id}`), { maxSide: photoSide });
    if (!read.ok) continue;
    const { info, raster } = read.value;
    images.push({ id, width: info.width, height: info.height, raster });
  }
  return { images, truth, seconds: (performance.now() - started) / 1000 };
}

async function find(
  images: readonly WorkImage[],
  objectSize: 'auto' | number,
  seed: number,
  threads: number,
  learn = true,
): Promise<{ result: PhotoResult; seconds: number; stages: Record<string, number>; longestSilence: number }> {
  const started = performance.now();
  const encoder = await loadEncoder(shared(model), { threads });
  const stages: Record<string, number> = { encoder: round((performance.now() - started) / 1000, 2) };
  let [last, silence] = [performance.now(), 0];
  try {
    const learning = colocalisePhotos(images, encoder, { objectSize, learn }, { seed, threads });
    for (;;) {
      const { done, value } = await learning.next();
      const now = performance.now();
      silence = Math.max(silence, now - last);
      const stage = done ? 'write' : value.kind === 'progress' ? value.phase : 'checkpoint';
      stages[stage] = round((stages[stage] ?? 0) + (now - last) / 1000, 3);
      last = now;
      if (!done) continue;
      const seconds = (now - started) / 1000;
      return { result: value, seconds, stages, longestSilence: round(silence / 1000, 3) };
    }
  } finally {
    await encoder.dispose();
  }
}

interface Found {
  readonly id: string;
  readonly box: Box;
}

function boxesOf({ findings }: PhotoResult): Found[] {
  return findings.flatMap(({ id, box }) => (box ? [{ id, box }] : []));
}

function mirror(image: WorkImage): WorkImage {
  const { width, height, channels, data } = image.raster;
  const copy = data.slice();
  for (let row = 0; row < height * channels; row++) copy.subarray(row * width, (row + 1) * width).reverse();
  return { ...image, raster: { width, height, channels, data: copy } };
}

function scoreOf(found: readonly Found[], truth: PhotoSet['truth']): Score {
  const overlaps = found.map(({ id, box }) => Math.max(0, ...(truth.get(id) ?? []).map((other) => iou(box, other))));
  const count = Math.max(1, overlaps.length);
  return {
    corLoc: round((100 * overlaps.filter((overlap) => overlap > 0.5).length) / count, 1),
    meanIou: round(overlaps.reduce((a, b) => a + b, 0) / count, 3),
  };
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
