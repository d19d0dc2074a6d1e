import { z } from 'zod';

/** An opaque name of something the engine knows: hand it back as it came, read nothing into it. */
export const id = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe('Opaque identifier');

/** A text of one line that a person typed or reads: no control characters. */
export const line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u)
  .describe('One line of text');

/** A text that may be empty and long, such as a reason. */
export const prose = z.string().max(4000).describe('Text for people');

/** A count of things, from 0. */
export const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A moment in milliseconds since 1970. */
export const moment = count.describe('Milliseconds since 1970');

/** A coordinate or a matrix entry: finite and of sane size. */
export const coordinate = z.number().min(-1e9).max(1e9);

/** A point, x to the right and y down. Its frame is that of the field which holds it. */
export const point = z.tuple([coordinate, coordinate]).describe('Point [x, y], y down');

/**
 * A 3 x 3 matrix, row-major, homogeneous. **Convention**: `CanonicalPoint` ([-1, 1], y down) to `PixelPoint` of the
 * oriented original (corner frame) unless its field says otherwise.
 */
export const matrix3 = z
  .array(coordinate)
  .length(9)
  .describe('3 x 3 matrix, row-major, canonical frame to image pixels');

/** A rectangle in `PixelPoint` of the oriented original. */
export const box = z
  .strictObject({ xmin: coordinate, ymin: coordinate, xmax: coordinate, ymax: coordinate })
  .describe('Rectangle in pixels of the oriented image, corner frame');

/** Where a page ended: opaque, valid for the same filter and sort only. It may hold a path, which may be 4 KiB long. */
export const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,8192}$/)
  .describe('Opaque position in a list; valid with the same filter and sort');

/** How many rows a page holds. */
export const limit = z.number().int().min(1).max(500).default(100).describe('Rows of a page');

/** Why something could not be done: a closed code and the reason in words. */
export const failure = z.strictObject({ code: z.string().max(64), reason: prose }).describe('What went wrong');

/** The answer of a command that has nothing to say. */
export const nothing = z.strictObject({}).describe('Nothing to say');

/** Sides of a rendered picture in pixels. */
export const side = z.number().int().min(8).max(8192);

/** How a value between pixels is made. */
export const interpolation = z.enum(['nearest', 'bilinear', 'bicubic']).describe('Interpolation');

/** What a crop shows where it reaches beyond the original. */
export const outside = z
  .enum(['transparent', 'border', 'reflection', 'zeros'])
  .describe('What is shown outside the original');

/** Transform families by name. */
export const familyName = z
  .enum([
    ...(['translation', 'attention', 'rotation', 'similarity', 'affine', 'projective'] as const),
    ...(['affine-lie', 'projective-lie'] as const),
  ])
  .describe('Transform family whose members are matrices');

/** Families of warps by name: those whose members are matrices, those that move control points, and polynomials. */
export const warpName = z
  .enum([
    ...familyName.options,
    ...(['tps9', 'tps16', 'tps25', 'piecewise9', 'piecewise16', 'piecewise25'] as const),
    ...(['basis3', 'basis6', 'basis10'] as const),
  ])
  .describe('Family of warps');

/** Execution providers; `auto` lets the program choose. */
export const providerName = z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']).describe('Execution provider');

/** The path parameter of everything inside a project. */
export const inProject = z.strictObject({ project: id });

/** The path parameters of everything about one image. */
export const inImage = inProject.extend({ image: id });

/** The path parameters of everything about one run. */
export const inRun = inProject.extend({ run: id });
