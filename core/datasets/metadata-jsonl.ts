import { z } from 'zod';
import { readJson } from './json.ts';
import { matrixSchema } from './matrix-schema.ts';

const annotation = z.object({
  /** What was drawn on the original; a box is written as the polygon of its corners, which is exact. */
  kind: z.enum(['box', 'point', 'polygon']),
  label: z.string().nullable(),
  landmark: z.string().nullable(),
  /** Carried over from another image, and not touched by a person since. */
  propagated: z.boolean(),
  /** In pixels of the crop. */
  points: z.array(z.tuple([z.number(), z.number()])),
  /** Some of it lies outside the crop. */
  outside: z.boolean(),
});

/** What a person has drawn, as a crop shows it. */
export type MetadataAnnotation = Readonly<z.infer<typeof annotation>>;

const row = z.object({
  /** The crop's file, relative to the folder of `metadata.jsonl`, with `/` between parts. */
  file_name: z.string(),
  /** Size of the crop in pixels. */
  width: z.number(),
  height: z.number(),
  /** The original, relative to its collection's folder, the SHA-256 of its bytes, and its oriented size. */
  source: z.string(),
  source_sha256: z.string(),
  source_width: z.number(),
  source_height: z.number(),
  family: z.string(),
  mirrored: z.boolean(),
  status: z.string(),
  /** Row-major 3 x 3, both to pixels of the oriented original: from [-1, 1] canonical points, from pixels of the crop. */
  canonical_to_source: matrixSchema,
  crop_to_source: matrixSchema,
  similarity: z.number().nullable(),
  outside_fraction: z.number().nullable(),
  effective_resolution: z.number().nullable(),
  /** The part of the dataset, where it is divided. */
  split: z.string().optional(),
  annotations: z.array(annotation).optional(),
});

/**
 * One crop of an exported folder and where it came from.
 *
 * **Convention**: corner frame on both sides, (0, 0) is the top-left corner of the top-left pixel; y points down.
 */
export type MetadataRow = Readonly<z.infer<typeof row>>;

/** Writes `metadata.jsonl`: one JSON object a line, in the order of the crops' names. */
export function writeMetadataJsonl(rows: readonly MetadataRow[]): string {
  const sorted = rows.toSorted((a, b) => (a.file_name < b.file_name ? -1 : 1));
  const keys = [...Object.keys(row.shape), ...Object.keys(annotation.shape)];
  return sorted.map((each) => `${JSON.stringify(each, keys)}\n`).join('');
}

/** Reads `metadata.jsonl`. **Throws** CongealError 'input-unreadable' with the line. */
export function readMetadataJsonl(text: string, source: string): readonly MetadataRow[] {
  return text.split('\n').flatMap((line, index) => {
    return line.trim() === '' ? [] : [readJson(line, `${source}, line ${index + 1},`, row)];
  });
}
