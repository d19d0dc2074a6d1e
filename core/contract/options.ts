import { z } from 'zod';

/** Execution providers by the names that the command line uses; `auto` lets the program choose. */
const providerNames = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;

/** Transform families that joint alignment can end with. */
const alignFamilies = ['translation', 'rotation', 'similarity', 'affine'] as const;

/** Dataset formats that export can write. */
const exportFormats = ['folder'] as const;

const path = z.string().min(1);

const running = {
  seed: z.number().int().min(0).max(0xffff_ffff).default(1),
  provider: z.enum(providerNames).default('auto'),
  threads: z.number().int().min(1).max(256).optional(),
};

const writing = {
  out: path,
  force: z.boolean().default(false),
};

const learning = {
  ...running,
  ...writing,
  folder: path,
  resume: z.boolean().default(false),
  allowDamaged: z.boolean().default(false),
  features: z.string().min(1).default('gradients'),
};

/** Co-localisation: find the common object in every image of a folder. */
export const findOptions = z.strictObject({
  ...learning,
  objectSize: z.union([z.literal('auto'), z.number().gt(0).lt(1)]).default('auto'),
  objective: z.enum(['gain', 'triplet']).default('gain'),
  net: z.enum(['heat-map', 'published']).default('heat-map'),
});
export type FindOptions = z.infer<typeof findOptions>;

/** Joint alignment: bring every image of a folder into one canonical pose. */
export const alignOptions = z.strictObject({
  ...learning,
  family: z.enum(alignFamilies).default('affine'),
  size: z.number().int().min(16).max(4096).default(128),
  reference: path.optional(),
  boxes: path.optional(),
  mirror: z.boolean().default(false),
  rotation: z.number().min(0).max(180).default(180),
  learn: z.boolean().default(true),
});
export type AlignOptions = z.infer<typeof alignOptions>;

/** Run a learned transformer over new images. */
export const applyOptions = z.strictObject({
  ...running,
  ...writing,
  folder: path,
  model: path,
  allowDamaged: z.boolean().default(false),
});
export type ApplyOptions = z.infer<typeof applyOptions>;

/** Render crops from the originals of a finished run. */
export const exportOptions = z.strictObject({
  ...writing,
  source: path,
  format: z.enum(exportFormats).default('folder'),
  size: z.number().int().min(8).max(8192).default(512),
  interpolation: z.enum(['nearest', 'bilinear', 'bicubic']).default('bicubic'),
  outside: z.enum(['transparent', 'border', 'reflection', 'zeros']).default('border'),
  margin: z.number().min(0).max(4).default(0),
  image: z.enum(['png', 'jpeg', 'webp']).default('png'),
  quality: z.number().int().min(1).max(100).default(92),
  flagged: z.boolean().default(false),
});
export type ExportOptions = z.infer<typeof exportOptions>;

/** Compare a finished run with known keypoints or boxes. */
export const scoreOptions = z.strictObject({
  source: path,
  points: path.optional(),
  boxes: path.optional(),
});
export type ScoreOptions = z.infer<typeof scoreOptions>;

/** Make the sample collections and run the whole main job on them. */
export const demoOptions = z.strictObject({
  out: path.default('congeal-demo'),
  force: z.boolean().default(false),
  seed: running.seed,
  threads: running.threads,
});
export type DemoOptions = z.infer<typeof demoOptions>;
