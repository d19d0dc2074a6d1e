import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { thumbnailKey } from '../../core/engine/images/thumbnail-cache.ts';
import type { Engine } from '../../core/engine/engine.ts';
import type { Random } from '../../core/geometry/random.ts';
import { Cache } from '../../core/store/cache.ts';
import type { Project } from '../../core/store/database.ts';
import { listImages } from '../../core/store/images.ts';
import { fillCollection } from './image-collections.ts';

/** How many different pictures there are; many images share one. */
const pictures = 64;

/** Fills a project with image rows (no files) whose thumbnails lie in the cache, as after an import. */
export async function fillWithThumbnails(
  engine: Engine,
  project: Project,
  count: number,
  random: Random,
): Promise<void> {
  fillCollection(project, count, random);
  const made = await Promise.all(
    Array.from({ length: pictures }, (_, i) =>
      Promise.all([64, 256].map(async (side) => [side, await picture(i, side)] as const)),
    ),
  );
  const cache = new Cache({
    limitBytes: 2 ** 34,
    ...(engine.cacheFolder === undefined ? {} : { folder: engine.cacheFolder }),
  });
  try {
    cache.writeAll(
      listImages(project).flatMap((image) =>
        image.status === 'ready'
          ? made[createHash('md5').update(image.sha256).digest()[0] % pictures].map(
              ([side, bytes]) => [thumbnailKey(image.sha256, side), bytes] as const,
            )
          : [],
      ),
    );
  } finally {
    cache.close();
  }
}

/** A picture with as much detail as a photo: coloured noise, smoothed. */
async function picture(index: number, side: number): Promise<Uint8Array> {
  const noise = { type: 'gaussian' as const, mean: 60 + index * 2, sigma: 50 };
  return sharp({ create: { width: side, height: side, channels: 3, background: '#000', noise } })
    .blur(1.2)
    .jpeg({ quality: 80 })
    .toBuffer();
}
