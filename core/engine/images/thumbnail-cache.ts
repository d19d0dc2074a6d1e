import { versions } from '../../compute/supervisor/versions.ts';
import type { Glance } from '../../compute/glances.ts';
import { thumbnailSides } from '../../contract/commands/pictures.ts';
import { Cache } from '../../store/cache.ts';
import { cacheKey } from '../../store/cache-key.ts';

/** Pictures that can be made again at any time, kept between starts. */
export interface PictureCache {
  readonly read: (key: string) => Uint8Array | undefined;
  /** What is kept under several keys. */
  readonly readAll: (keys: readonly string[]) => ReadonlyMap<string, Uint8Array>;
  readonly has: (key: string) => boolean;
  readonly write: (key: string, bytes: Uint8Array) => void;
  /** Keeps several pictures in one go. */
  readonly writeAll: (entries: readonly (readonly [key: string, bytes: Uint8Array])[]) => void;
  /** Keeps the thumbnails of several images in one go. */
  readonly keepThumbnails: (glances: readonly Glance[]) => void;
  /** Why nothing can be kept; undefined where it can. */
  readonly whyBroken: () => string | undefined;
  readonly bytes: () => number;
  /** Drops everything and gives how many bytes that were. */
  readonly clear: () => number;
  readonly close: () => void;
}

/** Raised when thumbnails are made in another way, so that old ones are not taken for new ones. */
const recipeVersion = 1;

/** The key of a thumbnail. Damaged images are shown as far as they can be read, so what is shown does not depend on it. */
export function thumbnailKey(sha256: string, side: number): string {
  const { sharp, libvips } = versions();
  return cacheKey({ kind: 'thumbnail', recipeVersion, sharp, libvips, image: sha256, side });
}

/** The key of any other picture of an image: everything that it depends on. */
export function pictureKey(kind: string, sha256: string, parts: Readonly<Record<string, unknown>>): string {
  const { sharp, libvips } = versions();
  return cacheKey({ kind, recipeVersion, sharp, libvips, image: sha256, parts: JSON.stringify(parts) });
}

/** Opens the picture cache when it is first used. */
export function createPictureCache(folder: string | undefined, limitBytes: () => number): PictureCache {
  let opened: Cache | undefined;
  const cache = () => (opened ??= new Cache({ ...(folder === undefined ? {} : { folder }), limitBytes: limitBytes() }));
  return {
    read: (key) => cache().read(key),
    readAll: (keys) => cache().readAll(keys),
    has: (key) => cache().has(key),
    write: (key, bytes) => {
      cache().write(key, bytes);
    },
    writeAll: (entries) => {
      cache().writeAll(entries);
    },
    keepThumbnails: (glances) => {
      cache().writeAll(
        glances.flatMap((glance) =>
          glance.ok
            ? glance.thumbnails.map(({ side, bytes }) => [thumbnailKey(glance.info.sha256, side), bytes] as const)
            : [],
        ),
      );
    },
    whyBroken: () => cache().whyBroken,
    bytes: () => cache().bytes,
    clear: () => cache().clear(),
    close: () => {
      opened?.close();
      opened = undefined;
    },
  };
}

/** Thumbnails that an import makes. */
export const importedSides: readonly number[] = thumbnailSides;
