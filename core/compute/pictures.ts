import type { Matrix3 } from '../geometry/matrix.ts';
import { encodeRaster, makeThumbnail, toDataUri } from '../imaging/encode.ts';
import { inOrder } from '../imaging/batch.ts';
import { warpFile } from '../imaging/warp.ts';
import type { Raster } from '../stn/raster.ts';
import type { CollectionFile } from './collection.ts';
import type { JobContext, JobMessage } from './job.ts';
import { createStatistics } from './statistics.ts';

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

/** PNG files of the means and of the standard deviation (grey, 255 is a deviation of 0.5), and the cards by image. */
export interface Pictures {
  readonly meanBefore: Uint8Array;
  readonly mean: Uint8Array;
  readonly std: Uint8Array;
  readonly cards: ReadonlyMap<string, Card>;
}

/** Renders what a report shows, from the originals: mean before and after, standard deviation, cards. */
export async function* renderPictures(
  request: PicturesRequest,
  { signal, threads }: Pick<JobContext, 'signal' | 'threads'>,
): AsyncGenerator<JobMessage, Pictures> {
  const { items, size } = request;
  const before = createStatistics(size);
  const after = createStatistics(size);
  const cards = new Map<string, Card>();
  const warp = async (item: PictureItem, transform: Matrix3 | null): Promise<Raster<Float32Array> | undefined> => {
    if (transform === null) return undefined;
    const options = { width: size, height: size, outside: 'transparent', allowDamage: request.allowDamaged } as const;
    const crop = await warpFile(item.path, transform, options);
    return crop.ok ? crop.value.raster : undefined;
  };
  const work = async (item: PictureItem) => {
    const crop = await warp(item, item.after);
    return {
      then: await warp(item, item.before),
      crop,
      card: item.card ? await makeCard(item, crop, request) : undefined,
    };
  };
  let done = 0;
  for await (const { file, result } of inOrder(items, work, { concurrency: threads, signal })) {
    if (result.then !== undefined) before.add(result.then);
    if (result.crop !== undefined && file.counted) after.add(result.crop);
    if (result.card !== undefined) cards.set(file.id, result.card);
    done += 1;
    yield { event: 'progress', phase: 'render pictures', done, total: items.length };
  }
  const [meanBefore, mean, std] = await Promise.all(
    [before.mean(), after.mean(), after.deviation()].map((raster) => encodeRaster(raster, { format: 'png' })),
  );
  return { meanBefore, mean, std, cards };
}

async function makeCard(
  item: PictureItem,
  crop: Raster<Float32Array> | undefined,
  { cardSide, allowDamaged }: PicturesRequest,
): Promise<Card | undefined> {
  const thumbnail = await makeThumbnail(item.path, { maxSide: cardSide, allowDamage: allowDamaged });
  if (!thumbnail.ok) return undefined;
  return {
    thumbnail: toDataUri(thumbnail.value, 'webp'),
    crop: crop === undefined ? null : toDataUri(await encodeRaster(crop, { format: 'webp', quality: 80 }), 'webp'),
  };
}
