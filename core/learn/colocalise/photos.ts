import type { Encoder } from '../../features/encoder.ts';
import type { WorkImage } from '../../features/work-image.ts';
import type { Box } from '../../geometry/boxes.ts';
import { createRandom } from '../../geometry/random.ts';
import type { LearnContext, LearnEvent } from '../event.ts';
import { discriminativeSearch, type FoundObject } from './discriminative.ts';
import { type CellMaps, measure } from './discriminative-classes.ts';
import { boxOfMap, type Lattice, smoothMaps } from './discriminative-regions.ts';
import { describePhotos } from './photos-describe.ts';

/** What a person can choose when objects are looked for in photos. */
export interface PhotoOptions {
  /** Share of the images' area that belongs to the object; `auto` finds it. */
  readonly objectSize: 'auto' | number;
}

/** Where the object was found in one photo. */
export interface PhotoFinding {
  readonly id: string;
  /** Pixels of the oriented original. */
  readonly box: Box;
  /** Mean height of the object's region above the threshold, in standard deviations of all measures. */
  readonly score: number;
}

/** What co-localisation of photos leaves. */
export interface PhotoResult {
  readonly findings: readonly PhotoFinding[];
  readonly object: FoundObject;
}

/** Longest side in pixels of the work rasters that this needs. */
export const photoSide = 640;

/** Finds the common object in photos with an encoder's maps. */
export async function* colocalisePhotos(
  images: readonly WorkImage[],
  encoder: Encoder,
  options: PhotoOptions,
  context: LearnContext,
): AsyncGenerator<LearnEvent, PhotoResult> {
  const { seed, signal, threads, provider } = context;
  const random = createRandom(seed).fork('photos');
  const session = { signal, ...(threads && { threads }), ...(provider && { provider }) };
  const described = yield* describePhotos(images, encoder, random.fork('describe'), session);
  const object = yield* discriminativeSearch(described.maps, options, signal);
  return { findings: locate(images, described.maps, described.lattice, object), object };
}

/** Turns what was learned about the object into one box per photo. */
function locate(
  images: readonly WorkImage[],
  maps: CellMaps,
  lattice: Lattice,
  { direction, threshold }: FoundObject,
): PhotoFinding[] {
  const cells = maps.rows * maps.columns;
  const measured = smoothMaps(measure(maps, direction), maps.rows, maps.columns);
  const spread = standardDeviation(measured);
  return images.map(({ id, width, height }, n) => {
    const found = boxOfMap(measured.subarray(n * cells, (n + 1) * cells), lattice, threshold);
    const box = {
      xmin: found.xmin * width,
      ymin: found.ymin * height,
      xmax: found.xmax * width,
      ymax: found.ymax * height,
    };
    return { id, box, score: (found.region.sum / found.region.cells - threshold) / spread };
  });
}

function standardDeviation(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(1e-20, squares / values.length - (sum / values.length) ** 2));
}
