import { z } from 'zod';
import { bytes, command } from '../command.ts';
import { coordinate, count, inImage, inProject, interpolation, outside, side, id, warpName } from '../values.ts';

const jpeg = bytes(['image/jpeg']);
const png = bytes(['image/png']);
const bundle = bytes(['application/octet-stream']);

/** Sides that thumbnails come in: the longest side in pixels. */
export const thumbnailSides = [64, 256, 512] as const;

const thumbnailSide = z.literal(thumbnailSides).default(256).describe('Longest side in pixels');
const version = z
  .string()
  .max(64)
  .optional()
  .describe('The version that a list named; with it the answer never changes');

/** How many thumbnails one request may ask for: as many as an address has room for. */
const mostThumbnails = 128;

const rendering = {
  width: side.max(2048).default(256),
  height: side.max(2048).default(256),
  margin: z.number().min(0).max(4).default(0).describe('Added on every side, as a share of the crop'),
  interpolation: interpolation.default('bilinear'),
  outside: outside.default('border'),
};

/** Pictures made from originals: thumbnails, crops, warps, tiles. */
export const pictures = {
  thumbnail: command({
    method: 'GET',
    path: '/api/projects/:project/images/:image/thumbnail',
    summary: 'A small copy of the whole image',
    effect: 'reads',
    params: inImage,
    query: z.strictObject({ side: thumbnailSide, v: version }),
    answer: jpeg,
  }),
  thumbnails: command({
    method: 'GET',
    path: '/api/projects/:project/thumbnails',
    summary:
      'Small copies of many images at once, those that need not be made first: before each JPEG its length in bytes (32 bits, lowest byte first), 0 where there is none',
    effect: 'reads',
    params: inProject,
    query: z.strictObject({
      image: z.array(id).min(1).max(mostThumbnails).describe('In the order in which they are answered'),
      side: thumbnailSide,
      v: z
        .array(z.string().max(64))
        .max(mostThumbnails)
        .optional()
        .describe('The versions that a list named, one for each image; with them the answer never changes'),
    }),
    answer: bundle,
  }),
  aligned: command({
    method: 'GET',
    path: '/api/projects/:project/images/:image/aligned',
    summary: 'A small copy in the canonical pose that a run found',
    effect: 'reads',
    params: inImage,
    query: z.strictObject({ run: id, side: thumbnailSide, v: version }),
    answer: jpeg,
  }),
  crop: command({
    method: 'GET',
    path: '/api/projects/:project/images/:image/crop',
    summary: "A run's crop at any size, rendered from the original as an export would",
    effect: 'reads',
    params: inImage,
    query: z.strictObject({ run: id, ...rendering, v: version }),
    answer: png,
  }),
  warp: command({
    method: 'GET',
    path: '/api/projects/:project/images/:image/warp',
    summary: 'The image under any transform: a matrix, or the parameters of a family',
    effect: 'reads',
    params: inImage,
    query: z.strictObject({
      ...rendering,
      matrix: z.array(coordinate).length(9).optional().describe('Canonical frame to image pixels, row-major'),
      family: warpName.optional(),
      parameters: z.array(coordinate).max(64).optional().describe("The family's parameters, in its order"),
      mirrored: z.boolean().default(false),
      mapping: z
        .enum(['reverse', 'forward'])
        .default('reverse')
        .describe(
          'Reverse: every target pixel asks the source. Forward: every source pixel is dropped into the target',
        ),
    }),
    answer: png,
  }),
  pyramid: command({
    method: 'GET',
    path: '/api/projects/:project/images/:image/pyramid',
    summary: 'The levels of tiles for zooming into the original',
    effect: 'reads',
    params: inImage,
    answer: z.strictObject({
      tile: count.describe('Side of a tile in pixels'),
      levels: z
        .array(z.strictObject({ width: count, height: count, columns: count, rows: count }))
        .describe('Level 0 is the original; each next one is half as large'),
      v: z.string().max(64),
    }),
  }),
  tile: command({
    method: 'GET',
    path: '/api/projects/:project/images/:image/tiles/:level/:column/:row',
    summary: 'One tile of the original',
    effect: 'reads',
    params: inImage.extend({
      level: z.number().int().min(0).max(20),
      column: z.number().int().min(0).max(10_000),
      row: z.number().int().min(0).max(10_000),
    }),
    query: z.strictObject({ v: version }),
    answer: jpeg,
  }),
};
