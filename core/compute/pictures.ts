import type { Matrix3 } from '../geometry/matrix.ts';
import { encodeRaster, makeThumbnail, toDataUri } from '../imaging/encode.ts';
import { warpFile } from '../imaging/warp.ts';
import type { Raster } from '../stn/raster.ts';
import type { CollectionFile } from './collection.ts';
import type { JobContext, JobMessage } from './job.ts';
import { createStatistics, reduceRaster } from './statistics.ts';
import { workOn, workThrough } from './work-through.ts';

/** An image as the pictures of a run show it. */
export interface PictureItem extends CollectionFile {
  /** Canonical frame to pixels of the oriented original: as it was before the run, and as the run left it. */
  readonly before: Matrix3;
  readonly after: Matrix3 | null;
  /** Whether it counts in the mean after the run. */
  readonly counted: boolean;
  /** Whether it gets a card: a thumbnail of the original and its crop. */
  readonly card: boolean;
}

/** Which pictures are wanted; `size` is the side of the mean images, `cardSide` the longest side on cards, in pixels. */
export interface PicturesRequest {
  readonly items: readonly PictureItem[];
  readonly size: number;
  readonly cardSide: number;
  readonly allowDamaged: boolean;
}

/** Pictures on a card as data addresses. */
export interface Card {
  readonly thumbnail: string;
  readonly crop: string | null;
}

/** PNG files of the means and of the standard deviation (grey, 255 is a deviation of 0.5). */
export interface MeanPictures {
  readonly meanBefore: Uint8Array;
  readonly mean: Uint8Array;
  readonly std: Uint8Array;
}

/** The means at the size asked for, the same large enough to look at, and the cards by image. */
export interface Pictures {
  readonly files: MeanPictures;
  readonly shown: MeanPictures;
  /** Side in pixels of the pictures in `shown`. */
  readonly shownSize: number;
  readonly cards: ReadonlyMap<string, Card>;
}

/** Means are shown at this many pixels a side or more. */
const leastShown = 256;

/** Renders what a report shows, from the originals: mean before and after, standard deviation, cards. */
export async function* renderPictures(
  request: PicturesRequest,
  context: Pick<JobContext, 'signal' | 'threads' | 'hands'>,
): AsyncGenerator<JobMessage, Pictures> {
  const { items } = request;
  const reduction = Math.ceil(leastShown / request.size);
  const size = reduction * request.size;
  const before = createStatistics(size);
  const after = createStatistics(size);
  const cards = new Map<string, Card>();
  const warp = (item: PictureItem, transform: Matrix3 | null) =>
    warpSquare(item.path, transform, size, request.allowDamaged);
  const work = async (item: PictureItem) => ({
    then: await warp(item, item.before),
    now: await warp(item, item.after),
    card: item.card ? await makeCard({ ...request, ...item }) : undefined,
  });
  let done = 0;
  for await (const { file, result } of workThrough(items, work, context)) {
    if (!('code' in result)) {
      if (result.then !== undefined) before.add(result.then);
      if (result.now !== undefined && file.counted) after.add(result.now);
      if (result.card !== undefined) cards.set(file.id, result.card);
    }
    done += 1;
    yield { event: 'progress', phase: 'render pictures', done, total: items.length };
  }
  const rasters = { meanBefore: before.mean(), mean: after.mean(), std: after.deviation() };
  return { files: await encodeMeans(rasters, reduction), shown: await encodeMeans(rasters, 1), shownSize: size, cards };
}

async function encodeMeans(
  rasters: Readonly<Record<keyof MeanPictures, Raster<Float32Array>>>,
  reduction: number,
): Promise<MeanPictures> {
  const png = (raster: Raster<Float32Array>) => encodeRaster(reduceRaster(raster, reduction), { format: 'png' });
  const { meanBefore, mean, std } = rasters;
  return { meanBefore: await png(meanBefore), mean: await png(mean), std: await png(std) };
}

/** An image that gets a card, and how large that is. */
export type CardRequest = Pick<PictureItem, 'path' | 'after'> & Pick<PicturesRequest, 'cardSide' | 'allowDamaged'>;

/** Renders the card of one image, and tells that it is in hand; undefined when it cannot be read any more. */
export async function cardOf(request: CardRequest, { hands }: Pick<JobContext, 'hands'>): Promise<Card | undefined> {
  const made = await workOn(request.path, hands, async () => ({ card: await makeCard(request) }));
  return 'card' in made ? made.card : undefined;
}

async function makeCard({ path, after, cardSide, allowDamaged }: CardRequest): Promise<Card | undefined> {
  const thumbnail = await makeThumbnail(path, { maxSide: cardSide, allowDamage: allowDamaged });
  if (!thumbnail.ok) return undefined;
  const crop = await warpSquare(path, after, cardSide, allowDamaged);
  return {
    thumbnail: toDataUri(thumbnail.value, 'webp'),
    crop: crop === undefined ? null : toDataUri(await encodeRaster(crop, { format: 'webp', quality: 80 }), 'webp'),
  };
}

async function warpSquare(
  path: string,
  transform: Matrix3 | null,
  side: number,
  allowDamage: boolean,
): Promise<Raster<Float32Array> | undefined> {
  if (transform === null) return undefined;
  const crop = await warpFile(path, transform, { width: side, height: side, outside: 'transparent', allowDamage });
  return crop.ok ? crop.value.raster : undefined;
}
