import { z } from 'zod';
import { networkDescription, networkFamilies } from './network.ts';

/** Execution providers by the names that the command line uses; `auto` lets the program choose. */
const providerNames = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;

/** Transform families that joint alignment can end with. */
const alignFamilies = ['translation', 'rotation', 'similarity', 'affine'] as const;

/** Dataset formats that export can write. */
const exportFormats = ['folder'] as const;

const path = z.string().min(1);

const running = {
  seed: z.number().int().min(0).max(0xffff_ffff).default(1).describe('Same seed, same machine, CPU: same bytes'),
  provider: z.enum(providerNames).default('auto').describe('Where to compute'),
  threads: z.number().int().min(1).max(256).optional().describe('Threads; one per core by default'),
};

const writing = {
  out: path,
  force: z.boolean().default(false),
};

const learning = {
  ...running,
  allowDamaged: z.boolean().default(false).describe('Take files that end too early'),
  optimise: z.boolean().default(true).describe('Simplify graphs before they run; results differ by rounding only'),
};

/** What co-localisation depends on, whichever door asks for it. */
export const findRecipe = {
  ...learning,
  objectSize: z
    .union([z.literal('auto'), z.number().gt(0).lt(1)])
    .default('auto')
    .describe('Typical share of the area that the object covers'),
  objective: z.enum(['gain', 'triplet']).default('gain').describe('What the network is taught to increase'),
  net: z.enum(['heat-map', 'published']).default('heat-map').describe('Localisation network'),
};

/** What joint alignment depends on, whichever door asks for it. */
export const alignRecipe = {
  ...learning,
  family: z.enum(alignFamilies).default('affine').describe('Transform family to end with'),
  size: z.number().int().min(16).max(4096).default(128).describe('Side of the canonical frame in pixels'),
  mirror: z.boolean().default(false).describe('Images may be mirrored'),
  rotation: z.number().min(0).max(180).default(180).describe('Largest rotation to look for, in degrees'),
  learn: z.boolean().default(true).describe('Also train a transformer for new images'),
};

/** Networks that come with the program, described in `resources/networks`. */
export const shippedNetworks = [
  'st-cnn',
  'cnn',
  'st-fcn',
  'fcn',
  'cluttered',
  'parallel',
  'series',
  'mid-network',
] as const;

/** What training a classifier depends on besides its network, whichever door asks for it. */
const teaching = {
  ...learning,
  family: z.enum(networkFamilies).default('affine').describe('Of transformers whose network does not say it'),
  transformerRate: z
    .number()
    .min(0)
    .max(100)
    .default(0.3)
    .describe(
      'Factor on the learning rate of transformers that do not say it; below 1 they learn slower than the rest',
    ),
  size: z.number().int().min(8).max(512).default(48).describe('Side in pixels of the squares that image files become'),
  epochs: z.number().int().min(1).max(1000).default(30),
  batch: z.number().int().min(1).max(1024).default(64),
  rate: z.number().gt(0).max(1).default(0.002).describe('Largest learning rate (Adam)'),
  schedule: z.enum(['cosine', 'steps', 'constant']).default('cosine').describe('How the learning rate goes down'),
  warmUp: z.number().int().min(0).max(100_000).default(50).describe('Steps over which the learning rate rises'),
  weightDecay: z.number().min(0).max(1).default(0),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .describe('Share of each label that is spread evenly over all classes while training'),
  easing: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of the training over which random changes of pictures grow to their full strength'),
  patience: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(10)
    .describe('Epochs without a better validation error after which training ends; 0 never ends early'),
  augment: z
    .enum(['none', 'rotation', 'projective', 'elastic'])
    .default('none')
    .describe('How pictures are changed at random while training'),
  validation: z.number().min(0).max(0.9).default(0.1).describe('Share of the images that chooses the epoch'),
  testShare: z
    .number()
    .min(0.01)
    .max(0.9)
    .default(0.2)
    .describe('Share of the images that is tested with, where there is no test set'),
};

/** What training a classifier depends on, whichever door asks for it. */
export const learnRecipe = {
  ...teaching,
  net: z
    .union([z.enum(shippedNetworks), networkDescription])
    .default('st-cnn')
    .describe('By name, or as it is described'),
};

/** What applying a learned transformer depends on, whichever door asks for it. */
export const applyRecipe = {
  ...running,
  provider: z.enum(['auto', 'cpu']).default('auto').describe('Learned transformers run on the processor'),
  allowDamaged: learning.allowDamaged,
};

/** How crops are rendered and written, whichever door asks for it. */
export const renderRecipe = {
  format: z.enum(exportFormats).default('folder').describe('Dataset format'),
  size: z.number().int().min(8).max(8192).default(512).describe('Side of the crops in pixels'),
  interpolation: z.enum(['nearest', 'bilinear', 'bicubic']).default('bicubic'),
  outside: z.enum(['transparent', 'border', 'reflection', 'zeros']).default('border'),
  margin: z.number().min(0).max(4).default(0).describe('Added on every side, as a share of the crop'),
  image: z.enum(['png', 'jpeg', 'webp']).default('png').describe('Format of the crops'),
  quality: z.number().int().min(1).max(100).default(92),
};

const reading = {
  folder: path,
  resume: z.boolean().default(false),
  features: z.string().min(1).default('gradients'),
};

/** Co-localisation: find the common object in every image of a folder. */
export const findOptions = z.strictObject({ ...findRecipe, ...writing, ...reading });
export type FindOptions = z.infer<typeof findOptions>;

/** Joint alignment: bring every image of a folder into one canonical pose. */
export const alignOptions = z.strictObject({
  ...alignRecipe,
  ...writing,
  ...reading,
  reference: path.optional(),
  boxes: path.optional(),
});
export type AlignOptions = z.infer<typeof alignOptions>;

/** A pair of idx files: images, labels. */
const idxPair = z.tuple([path, path]);

/** Train a classifier with spatial transformers inside, from class folders or idx files. */
export const learnOptions = z.strictObject({
  ...teaching,
  ...writing,
  net: path.default('st-cnn'),
  folder: path.optional(),
  test: path.optional(),
  idx: idxPair.optional(),
  testIdx: idxPair.optional(),
  resume: z.boolean().default(false),
});
export type LearnOptions = z.infer<typeof learnOptions>;

/** Run a learned transformer over new images. */
export const applyOptions = z.strictObject({
  ...applyRecipe,
  ...writing,
  folder: path,
  model: path,
  resume: z.boolean().default(false),
});
export type ApplyOptions = z.infer<typeof applyOptions>;

/** Render crops from the originals of a finished run. */
export const exportOptions = z.strictObject({
  ...renderRecipe,
  ...writing,
  source: path,
  flagged: z.boolean().default(false),
});
export type ExportOptions = z.infer<typeof exportOptions>;

/** Show one image under one transform of any family. */
export const warpOptions = z.strictObject({
  ...writing,
  image: path,
  direction: z.enum(['reverse', 'forward']).default('reverse'),
  family: z.string().min(1).max(32).default('affine'),
  theta: z
    .array(z.number())
    .min(1)
    .max(2 * 512 * 512)
    .optional(),
  size: z.tuple([z.number().int().min(1).max(8192), z.number().int().min(1).max(8192)]).optional(),
  interpolation: z.enum(['nearest', 'bilinear', 'bicubic']).default('bilinear'),
  padding: z.enum(['zeros', 'border', 'reflection', 'transparent']).default('zeros'),
  splat: z.enum(['nearest', 'bilinear']).default('nearest'),
  normalise: z.boolean().default(true),
  alignCorners: z.boolean().default(false),
  allowDamaged: z.boolean().default(false),
});
export type WarpOptions = z.infer<typeof warpOptions>;

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

/** Open the program in a browser of this machine. */
export const serveOptions = z.strictObject({
  project: path.optional(),
  port: z.number().int().min(0).max(65_535).optional(),
  open: z.boolean().default(true),
  roots: z.array(path).min(1).max(100).optional(),
  json: z.boolean().default(false),
});
