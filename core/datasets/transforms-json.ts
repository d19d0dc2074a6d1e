import { z } from 'zod';
import { compareFiles } from './csv.ts';
import { readJson } from './json.ts';
import { matrixSchema } from './matrix-schema.ts';
import { deriveTransform, type TransformRow } from './transform-row.ts';

/** How the transforms came about: enough to make them again. */
export interface Recipe {
  readonly command: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly { readonly file: string; readonly sha256: string | null }[];
  readonly models: readonly { readonly name: string; readonly sha256: string }[];
}

/** What `transforms.json` holds. */
export interface TransformsDocument {
  readonly recipe: Recipe;
  readonly images: readonly TransformRow[];
}

const conventions = {
  image: 'the image after its EXIF orientation was applied; width and height are its size in pixels',
  pixel_point:
    'pixels of that image; (0, 0) is the top-left corner of the top-left pixel, whose centre is (0.5, 0.5); x right, y down',
  canonical_point:
    '[-1, 1] across the crop; (-1, -1) is its top-left corner, (1, 1) its bottom-right corner; x right, y down',
  c2i: '3x3, rows first; takes a canonical point as the column (x, y, 1) to a pixel point; divide by the third number',
  i2c: 'the inverse of c2i',
  mirrored: 'true where the object was found mirrored; c2i contains the mirroring',
  angle_deg: 'turn of the crop in the image, degrees clockwise on screen',
  scale: 'size of the crop relative to the height of the image, geometric mean of both directions',
  shift_px: 'from the centre of the image to the centre of the crop, pixels, [x, y]',
  outside_fraction: 'share of the crop that lies outside of the image',
  effective_resolution: 'pixels of the image per pixel of the crop',
} as const;

const documentSchema = z.object({
  format: z.literal('congeal-transforms'),
  version: z.literal(1),
  recipe: z.object({
    command: z.string(),
    options: z.record(z.string(), z.unknown()),
    seed: z.number(),
    versions: z.record(z.string(), z.string()),
    inputs: z.array(z.object({ file: z.string(), sha256: z.string().nullable() })),
    models: z.array(z.object({ name: z.string(), sha256: z.string() })),
  }),
  images: z.array(
    z.object({
      file: z.string(),
      width: z.number().positive().nullable(),
      height: z.number().positive().nullable(),
      family: z.string(),
      mirrored: z.boolean(),
      c2i: matrixSchema.nullable(),
      similarity: z.number().nullable(),
      outside_fraction: z.number().nullable(),
      effective_resolution: z.number().nullable(),
      status: z.string(),
    }),
  ),
});

/** Writes `transforms.json`: the conventions in words, the recipe, and one line per image in file-name order. */
export function writeTransformsJson({ recipe, images }: TransformsDocument): string {
  const head = JSON.stringify({ format: 'congeal-transforms', version: 1, conventions, recipe }, null, 2);
  const lines = images.toSorted(compareFiles).map((row) => `    ${JSON.stringify(toEntry(row))}`);
  return `${head.slice(0, -2)},\n  "images": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** Reads `transforms.json`. **Throws** CongealError 'input-unreadable' with the place in the document. */
export function readTransformsJson(text: string, source: string): TransformsDocument {
  const { recipe, images } = readJson(text, source, documentSchema);
  return {
    recipe,
    images: images.map(({ c2i, outside_fraction, effective_resolution, ...row }) => ({
      ...row,
      canonicalToImage: c2i,
      outsideFraction: outside_fraction,
      effectiveResolution: effective_resolution,
    })),
  };
}

function toEntry(row: TransformRow): Record<string, unknown> {
  const derived = deriveTransform(row);
  return {
    file: row.file,
    width: row.width,
    height: row.height,
    family: row.family,
    mirrored: row.mirrored,
    c2i: row.canonicalToImage,
    i2c: derived?.imageToCanonical ?? null,
    angle_deg: derived?.angle ?? null,
    scale: derived?.scale ?? null,
    shift_px: derived === null ? null : [derived.shiftX, derived.shiftY],
    similarity: row.similarity,
    outside_fraction: row.outsideFraction,
    effective_resolution: row.effectiveResolution,
    status: row.status,
  };
}
