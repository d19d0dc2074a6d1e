import type { Content } from '../../contract/command.ts';
import { CongealError } from '../../contract/errors.ts';
import { bundlePictures } from '../../contract/picture-bundle.ts';
import { families, toMatrix } from '../../geometry/families.ts';
import type { ChosenWarp } from '../../compute/preview.ts';
import type { FamilyName } from '../../geometry/family.ts';
import { unitToPixel, widenedBy } from '../../geometry/frames.ts';
import { multiply, scale, type Matrix3 } from '../../geometry/matrix.ts';
import { warpFamily } from '../../geometry/warp-family.ts';
import type { ImageId, RunId } from '../../store/ids.ts';
import { findImage } from '../../store/images.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { rowIdOf } from '../row-ids.ts';
import { effectiveTransformsOf } from '../transforms/effective.ts';
import { askOfImage, readingOf } from './ask-of-image.ts';
import { versionOfImage } from './picture-versions.ts';
import type { ShownImage } from './shown-image.ts';
import { changed, unreadable } from './shown-image.ts';
import { importedSides, pictureKey, thumbnailKey } from './thumbnail-cache.ts';

/** How a crop is rendered, in the words of the doors. */
export interface Rendering {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  readonly interpolation: 'nearest' | 'bilinear' | 'bicubic';
  readonly outside: 'transparent' | 'border' | 'reflection' | 'zeros';
}

/** A thumbnail: from the cache, or made anew. **Throws** as `shown`, for what the file has become meanwhile. */
export async function thumbnailOf(
  engine: Engine,
  open: OpenProject,
  image: ShownImage,
  side: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { cache } = engine;
  const kept = cache.read(thumbnailKey(image.sha256, side));
  if (kept !== undefined) return kept;
  const request = { path: image.path, sides: importedSides, ...readingOf(engine) };
  const glance = await askOfImage(engine, open, 'look at', request, signal);
  if (!glance.ok) throw unreadable(image, glance);
  if (glance.info.sha256 !== image.sha256) throw changed(image);
  cache.keepThumbnails([glance]);
  const made = glance.thumbnails.find((thumbnail) => thumbnail.side === side);
  if (made === undefined) throw new RangeError(`No thumbnail has a side of ${side} pixels.`);
  return made.bytes;
}

/**
 * Thumbnails of many images as a bundle, without those that would have to be made first.
 *
 * **Throws** CongealError `not-found` for an id that this program never gave out.
 */
export function keptThumbnails(
  engine: Engine,
  { reader }: OpenProject,
  ids: readonly string[],
  side: number,
  asked: readonly string[] | undefined,
): Content {
  const images = ids.map((id) => findImage(reader, rowIdOf(id, 'image') as ImageId));
  const keys = images.map((image) => (image?.status === 'ready' ? thumbnailKey(image.sha256, side) : undefined));
  const kept = engine.cache.readAll(keys.filter((key) => key !== undefined));
  const found = keys.map((key) => (key === undefined ? undefined : kept.get(key)));
  const immutable = images.every(
    (image, i) => image !== undefined && found[i] !== undefined && asked?.[i] === versionOfImage(image),
  );
  return { bytes: bundlePictures(found), mediaType: 'application/octet-stream', immutable };
}

/** One picture in a pose. The matrix takes the canonical frame to pixels of the oriented original. */
export async function cropOf(
  engine: Engine,
  open: OpenProject,
  image: ShownImage,
  canonicalToImage: Matrix3,
  rendering: Rendering & {
    readonly mapping: 'reverse' | 'forward';
    readonly format: 'png' | 'jpeg';
    /** A warp that is no matrix; it stands for the matrix. */
    readonly warp?: Omit<ChosenWarp, 'zoom'> | undefined;
  },
  { signal, keep }: { readonly signal: AbortSignal; readonly keep: boolean },
): Promise<Uint8Array> {
  const { cache } = engine;
  const { width, height, margin, interpolation, outside, mapping, format } = rendering;
  const warp = rendering.warp && { ...rendering.warp, zoom: widenedBy(margin) };
  const matrix = multiply(canonicalToImage, scale(widenedBy(margin)));
  const parts = { matrix, warp, width, height, interpolation, outside, mapping, format };
  const key = pictureKey('crop', image.sha256, parts);
  const kept = keep ? cache.read(key) : undefined;
  if (kept !== undefined) return kept;
  const request = {
    ...{
      path: image.path,
      canonicalToImage: matrix,
      width,
      height,
      kernel: interpolation,
      outside,
      mapping,
      format,
      warp,
    },
    ...readingOf(engine),
  };
  const made = await askOfImage(engine, open, 'preview', request, signal);
  if (!made.ok) throw unreadable(image, made);
  if (keep) cache.write(key, made.value.bytes);
  return made.value.bytes;
}

/** Where a run, with a person's corrections, sees an image. **Throws** CongealError `not-found` when it sees it nowhere. */
export function poseIn({ reader }: OpenProject, image: ShownImage, run: RunId): Matrix3 {
  const pose = effectiveTransformsOf(reader, run, [image.id]).at(0)?.canonicalToImage ?? null;
  if (pose !== null) return pose;
  throw new CongealError('not-found', `${image.name} has no pose in this run.`);
}

/** A matrix from what a door was given. **Throws** CongealError `malformed` where that is no transform. */
export function matrixOf(
  image: ShownImage,
  asked: {
    readonly matrix?: readonly number[] | undefined;
    readonly family?: FamilyName | undefined;
    readonly parameters?: readonly number[] | undefined;
    readonly mirrored: boolean;
  },
  crop: { readonly width: number; readonly height: number },
): Matrix3 {
  const mirror: Matrix3 = asked.mirrored ? [-1, 0, 0, 0, 1, 0, 0, 0, 1] : [1, 0, 0, 0, 1, 0, 0, 0, 1];
  if (asked.matrix !== undefined) return multiply(asked.matrix as unknown as Matrix3, mirror);
  const family = families[asked.family ?? 'affine'];
  const parameters = asked.parameters ?? family.identity;
  if (parameters.length !== family.parameters.length)
    throw new CongealError(
      'malformed',
      `${family.name} has ${family.parameters.length} parameters (${family.parameters.map(({ name }) => name).join(', ')}); ${parameters.length} were given.`,
    );
  const frame = { width: image.width, height: image.height, canonicalAspect: crop.width / crop.height };
  return multiply(multiply(unitToPixel(image.width, image.height), toMatrix(family, parameters, frame)), mirror);
}

/** A warp that is no matrix. **Throws** CongealError `malformed` for a number of parameters that its family does not have. */
export function warpOf(
  name: string,
  parameters: readonly number[] | undefined,
  mirrored: boolean,
): Omit<ChosenWarp, 'zoom'> {
  const family = warpFamily(name);
  const given = parameters ?? family.identity;
  if (given.length !== family.parameters.length)
    throw new CongealError(
      'malformed',
      `${name} has ${family.parameters.length} parameters, x and y of its points row by row; ${given.length} were given.`,
    );
  return { family: name, parameters: given, mirrored };
}

/** A picture as it is answered; under an address that names its version it never changes. */
export function picture(
  bytes: Uint8Array,
  mediaType: 'image/jpeg' | 'image/png',
  version: { readonly asked: string | undefined; readonly now: string },
): Content {
  return { bytes, mediaType, immutable: version.asked === version.now };
}
