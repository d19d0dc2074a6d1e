import type { Workers } from '../../compute/supervisor/workers.ts';
import { CongealError } from '../../contract/errors.ts';
import type { Size } from '../../geometry/units.ts';
import type { OpenProject } from '../open-projects.ts';
import type { SettingsFile } from '../settings/settings-file.ts';
import { askOfImage, readingOf } from './ask-of-image.ts';
import type { ShownImage } from './shown-image.ts';
import { changed, unreadable } from './shown-image.ts';
import type { PictureCache } from './thumbnail-cache.ts';
import { pictureKey } from './thumbnail-cache.ts';

/** Which tile of an image is meant: level 0 is the original, columns and rows count from 0. */
export interface TileAt {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/** Tiles of originals for zooming. */
export interface TilePyramids {
  /** One tile as a JPEG file. **Throws** CongealError `not-found` where the image has none there, and as `shown`. */
  readonly tileOf: (open: OpenProject, image: ShownImage, at: TileAt, signal: AbortSignal) => Promise<Uint8Array>;
}

/** Side of the tiles of originals in pixels. */
export const tileSide = 512;

/** A worker cuts so many tiles at once: about a twentieth of a second. */
const atOnce = 8;

/** So many tiles of an image are cut before anyone asks for them; larger images have more. */
const mostAhead = 256;

/** When workers have other things to do, tiles that nobody has asked for wait so long, in milliseconds. */
const patience = 100;

interface Wanted {
  readonly at: TileAt;
  /** How many wait for it; nobody for one that is cut ahead. */
  askers: number;
  readonly made: Promise<Uint8Array>;
  readonly fulfil: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** The pyramid of one image while tiles of it are made; tiles go by their keys in the cache. */
interface Pyramid {
  readonly open: OpenProject;
  readonly image: ShownImage;
  readonly wanted: Map<string, Wanted>;
  /** Tiles that nobody has asked for yet. */
  readonly ahead: Map<string, TileAt>;
  /** What a worker is cutting now. */
  cutting: ReadonlyMap<string, Wanted>;
  /** The place that was asked for last: what lies near it is made first. */
  near: TileAt;
}

/**
 * Makes tiles and keeps them in the cache: those that are asked for first, several in one go, and then, while the workers
 * have nothing else to do, the others of the image that was looked at last, so that zooming finds them there.
 */
export function createTilePyramids(engine: {
  readonly workers: Workers;
  readonly cache: PictureCache;
  readonly settings: Pick<SettingsFile, 'read'>;
}): TilePyramids {
  const { cache, workers } = engine;
  const pyramids = new Map<string, Pyramid>();
  let latest: Pyramid | undefined;

  function pyramidFor(open: OpenProject, image: ShownImage, near: TileAt): Pyramid {
    const known = pyramids.get(image.path);
    if (known?.image.sha256 === image.sha256 && known.open === open) return known;
    const places = placesOf(image).map((at) => [keyOf(image, at), at] as const);
    const ahead = new Map(places.filter(([key]) => !cache.has(key)));
    const made: Pyramid = { open, image, wanted: new Map(), ahead, cutting: new Map(), near };
    pyramids.set(image.path, made);
    return made;
  }

  /** Has the next tiles cut unless some are being cut, and goes on until there is nothing left to do. */
  function goOn(pyramid: Pyramid): void {
    if (pyramid.cutting.size > 0) return;
    const busy = workers.status().waiting > 0;
    const next = nextOf(pyramid, pyramid === latest && !busy);
    if (next.size > 0) {
      pyramid.cutting = next;
      void cutAll(pyramid).then(() => {
        pyramid.cutting = new Map();
        goOn(pyramid);
      });
    } else if (busy && pyramid === latest && pyramid.ahead.size > 0) {
      setTimeout(() => goOn(pyramid), patience).unref();
    } else if (pyramids.get(pyramid.image.path) === pyramid) pyramids.delete(pyramid.image.path);
  }

  async function cutAll({ open, image, wanted, ahead, cutting }: Pyramid): Promise<void> {
    const [keys, asked] = [[...cutting.keys()], [...cutting.values()]];
    try {
      const places = asked.map(({ at }) => at);
      const tiles = await cut(open, image, places);
      cache.writeAll(keys.map((key, n) => [key, tiles[n]]));
      for (const [n, { fulfil }] of asked.entries()) fulfil(tiles[n]);
      /* What cannot be kept is not made ahead. */
      if (!cache.has(keys[0])) ahead.clear();
    } catch (error) {
      for (const { reject } of [...asked, ...wanted.values()]) reject(error);
      wanted.clear();
      ahead.clear();
    }
  }

  async function cut(open: OpenProject, image: ShownImage, at: readonly TileAt[]): Promise<readonly Uint8Array[]> {
    const places = at.map((place) => ({ ...place, side: tileSide }) as const);
    const request = { path: image.path, places, ...readingOf(engine) };
    const made = await askOfImage(engine, open, 'tiles', request, new AbortController().signal);
    if (!made.ok) throw unreadable(image, made);
    return made.value.map((tile) => {
      if (tile === null) throw changed(image);
      return tile.bytes;
    });
  }

  return {
    tileOf: async (open, image, at, signal) => {
      checkPlace(image, at);
      signal.throwIfAborted();
      const key = keyOf(image, at);
      const kept = cache.read(key);
      if (kept !== undefined) return kept;
      const pyramid = pyramidFor(open, image, at);
      latest = pyramid;
      pyramid.near = at;
      const wanted = pyramid.cutting.get(key) ?? pyramid.wanted.get(key) ?? want(at);
      if (!pyramid.cutting.has(key)) pyramid.wanted.set(key, wanted);
      wanted.askers += 1;
      /* Not at once: whoever asks for a tile asks for its neighbours, too. */
      setImmediate(() => goOn(pyramid));
      return await unless(signal, wanted.made, () => {
        wanted.askers -= 1;
        if (wanted.askers === 0 && pyramid.wanted.get(key) === wanted) pyramid.wanted.delete(key);
      });
    },
  };
}

function keyOf({ sha256 }: ShownImage, { level, column, row }: TileAt): string {
  return pictureKey('tile', sha256, { level, column, row, side: tileSide });
}

/** Takes the tiles to be cut next out of a pyramid: those that are asked for, or else the nearest of the others. */
function nextOf({ wanted, ahead, image, near }: Pyramid, mayBeAhead: boolean): ReadonlyMap<string, Wanted> {
  const next =
    wanted.size > 0 || !mayBeAhead
      ? [...wanted].slice(0, atOnce)
      : [...ahead]
          .map(([key, at]) => ({ key, at, distance: distanceOf(image, near, at) }))
          .sort((a, b) => a.distance - b.distance)
          .slice(0, atOnce)
          .map(({ key, at }) => [key, want(at)] as const);
  for (const [key] of next) {
    wanted.delete(key);
    ahead.delete(key);
  }
  return new Map(next);
}

function want(at: TileAt): Wanted {
  const { promise: made, resolve: fulfil, reject } = Promise.withResolvers<Uint8Array>();
  /* Nobody may wait for it (any more). */
  made.catch(() => undefined);
  return { at, askers: 0, made, fulfil, reject };
}

/** What a promise becomes; when the signal is aborted first, `gone` is called. **Throws** the signal's reason then. */
async function unless<Result>(signal: AbortSignal, promise: Promise<Result>, gone: () => void): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    gone();
    reject(signal.reason);
  };
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The levels of an image's tiles: level 0 is the original, the last one fits into a single tile. */
export function pyramidOf({ width, height }: Size) {
  const levels: { width: number; height: number; columns: number; rows: number }[] = [];
  for (let factor = 1; ; factor *= 2) {
    const size = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
    levels.push({ ...size, columns: Math.ceil(size.width / tileSide), rows: Math.ceil(size.height / tileSide) });
    if (Math.max(size.width, size.height) <= tileSide) return levels;
  }
}

/** Every tile of an image, the coarse ones first, up to as many as are made ahead. */
function placesOf(image: Size): readonly TileAt[] {
  return pyramidOf(image)
    .flatMap(({ columns, rows }, level) =>
      Array.from({ length: columns * rows }, (_, n): TileAt => ({
        level,
        column: n % columns,
        row: Math.floor(n / columns),
      })),
    )
    .reverse()
    .slice(0, mostAhead);
}

/** How far a tile is from where someone looks: levels count most, finer ones less, as people zoom in; then the place. */
function distanceOf(image: Size, near: TileAt, at: TileAt): number {
  const levels = at.level < near.level ? near.level - at.level : 1.5 * (at.level - near.level);
  const middle = ({ level, column, row }: TileAt) => {
    const side = tileSide * 2 ** level;
    return { x: ((column + 0.5) * side) / image.width, y: ((row + 0.5) * side) / image.height };
  };
  const [a, b] = [middle(near), middle(at)];
  return 10 * levels + Math.hypot(a.x - b.x, a.y - b.y);
}

function checkPlace(image: ShownImage, { level, column, row }: TileAt): void {
  const levels = pyramidOf(image);
  if (level < levels.length && column < levels[level].columns && row < levels[level].rows) return;
  throw new CongealError('not-found', `${image.name} has no tile ${column}, ${row} at level ${level}.`);
}
