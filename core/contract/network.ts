import { z } from 'zod';
import { interpolation } from './values.ts';

/** Newest version of network descriptions that this program writes and reads. */
const networkVersion = 1;

/** Transform families that a transformer inside a network can have; those with a basis learn it. */
export const networkFamilies = [
  'translation',
  'attention',
  'rotation',
  'similarity',
  'affine',
  'projective',
  'affine-lie',
  'projective-lie',
  'tps9',
  'tps16',
  'tps25',
  'piecewise9',
  'piecewise16',
  'piecewise25',
  'basis3',
  'basis6',
  'basis10',
] as const;

const activation = z.enum(['relu', 'tanh', 'none']).describe('What follows the layer; relu where nothing is said');
const side = z.number().int().min(1).max(4096);

const conv = z.strictObject({
  kind: z.literal('conv'),
  channels: z.number().int().min(1).max(4096),
  kernel: z.number().int().min(1).max(63).describe('Side of the square kernel'),
  stride: z.number().int().min(1).max(16).optional().describe('1 where nothing is said'),
  padding: z.number().int().min(0).max(31).optional().describe('Zeros on every side; none where nothing is said'),
  activation: activation.optional(),
});

const pool = z.strictObject({
  kind: z.literal('pool'),
  size: z.number().int().min(2).max(64).describe('Side of the squares whose maximum is taken, without overlap'),
});

const dense = z.strictObject({
  kind: z.literal('dense'),
  units: z.number().int().min(1).max(65_536),
  activation: activation.optional(),
});

const dropout = z.strictObject({
  kind: z.literal('dropout'),
  rate: z.number().min(0).max(0.95).describe('Share that is set to 0 while training'),
});

/** A layer of a localisation network. */
const plainLayer = z.discriminatedUnion('kind', [conv, pool, dense]);

const start = z.strictObject({
  x: z.number().min(-2).max(2).default(0).describe('Centre of the crop, -1 at the left edge, 1 at the right one'),
  y: z.number().min(-2).max(2).default(0).describe('Centre of the crop, -1 at the top edge, 1 at the bottom one'),
  scale: z.number().min(0.05).max(4).default(1).describe('Side of the crop as a share of what it is cut from'),
});

const transformerFields = z.strictObject({
  kind: z.literal('transformer'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .optional()
    .describe('Small letters, digits and hyphens; made up where nothing is said'),
  family: z.enum(networkFamilies).optional().describe('That of the run where nothing is said'),
  localisation: z
    .union([z.enum(['dense', 'convolutional', 'colocalisation']), z.array(plainLayer).max(20)])
    .describe(
      'Network that says where to look, by name or as layers; the last layer, one number per parameter, is added',
    ),
  width: side.optional().describe('Of the output in pixels; that of the input where nothing is said'),
  height: side.optional(),
  downsample: z.number().min(0.1).max(64).optional().describe('Output is smaller by this factor; instead of a size'),
  learningRate: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe("Factor on the network's learning rate; that of the run where nothing is said, 0 keeps it still"),
  start: start.optional().describe('Where it looks before training; at everything where nothing is said'),
  interpolation: interpolation.optional().describe('How the input is read; bilinear, the only one that can be trained'),
  padding: z.enum(['zeros', 'border', 'reflection']).optional().describe('What lies outside; zeros'),
  alignCorners: z.boolean().optional().describe('Whether -1 and 1 are centres of corner pixels; their edges otherwise'),
});

const transformer = transformerFields.refine(
  ({ width, height, downsample }) => downsample === undefined || (width === undefined && height === undefined),
  'A transformer says either width and height of its output or downsample; found both. Take one of them out',
);

const simpleLayer = z.discriminatedUnion('kind', [conv, pool, dense, dropout, transformer]);

const parallel = z.strictObject({
  kind: z.literal('parallel'),
  branches: z
    .array(z.array(simpleLayer).max(20))
    .min(2)
    .max(16)
    .describe('Each sees the same input; outputs are put together along channels'),
});

const layer = z.discriminatedUnion('kind', [conv, pool, dense, dropout, transformer, parallel]);

/**
 * A network as plain JSON: layers in their order. The last one, with one output per class, is added to them. Transformers
 * may stand first, between any two layers, in series, and beside each other as branches of `parallel`.
 */
export const networkDescription = z
  .strictObject({
    version: z.literal(networkVersion),
    description: z.string().max(2000).optional(),
    layers: z.array(layer).max(100),
  })
  .meta({ id: 'Network' });

export type NetworkDescription = z.infer<typeof networkDescription>;
export type NetworkLayer = z.infer<typeof layer>;
export type TransformerLayer = z.infer<typeof transformer>;
