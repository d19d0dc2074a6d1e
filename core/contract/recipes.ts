import { z } from 'zod';
import { alignRecipe, applyRecipe, findRecipe, learnRecipe, renderRecipe } from './options.ts';
import { selection } from './selection.ts';
import { id, line } from './values.ts';

/** What describes the images: oriented gradients, or an output of an encoder. */
const features = z
  .union([z.literal('gradients'), z.strictObject({ model: id, output: z.string().min(1).max(200).optional() })])
  .default('gradients')
  .describe('Oriented gradients, or the maps of an ONNX encoder');

const which = {
  name: line.max(80).optional().describe('Name of the run; made up where none is given'),
  selection: selection.optional().describe('The images that take part; all that can be used by default'),
  withoutDuplicates: z.boolean().default(true).describe('Of every group only the chosen member takes part'),
};

/** How co-localisation is to be done. */
export const findRun = z
  .strictObject({
    ...findRecipe,
    ...which,
    features,
    keepAccepted: id.optional().describe('Keep the boxes that were accepted or edited in this run'),
  })
  .meta({ id: 'FindRun' });
export type FindRun = z.infer<typeof findRun>;

/** How joint alignment is to be done. */
export const alignRun = z
  .strictObject({
    ...alignRecipe,
    ...which,
    features,
    reference: id.optional().describe('Image whose pose is the canonical one'),
    boxes: id.optional().describe('Run whose boxes bound the objects'),
    keepAccepted: id.optional().describe('Start from this run and keep what was accepted or edited in it'),
  })
  .meta({ id: 'AlignRun' });
export type AlignRun = z.infer<typeof alignRun>;

const classes = z.enum(['folders', 'tags']).default('folders').describe('Where the classes come from');

/** How a classifier with spatial transformers is to be trained: folders are classes, or tags are. */
export const learnRun = z.strictObject({ ...learnRecipe, ...which, classes }).meta({ id: 'LearnRun' });
export type LearnRun = z.infer<typeof learnRun>;

/** Which images a classifier would be trained on. */
export const learnSubjects = z.strictObject({
  classes,
  selection: which.selection,
  withoutDuplicates: which.withoutDuplicates,
});
export type LearnSubjects = z.infer<typeof learnSubjects>;

/** How a learned transformer is to be run over images. */
export const applyRun = z.strictObject({ ...applyRecipe, ...which, model: id }).meta({ id: 'ApplyRun' });
export type ApplyRun = z.infer<typeof applyRun>;

/** How a dataset is to be written. */
export const exportRun = z
  .strictObject({
    ...renderRecipe,
    run: id.describe('The run whose transforms are rendered'),
    selection: selection.optional(),
    flagged: z.boolean().default(false).describe('Also images that the run flagged'),
    rejected: z.boolean().default(false).describe('Also images that a person rejected'),
    onlyAccepted: z.boolean().default(false),
    minimumResolution: z
      .number()
      .min(0)
      .max(100)
      .default(0)
      .describe('Leave out crops with fewer original pixels per crop pixel'),
    annotations: z.boolean().default(true).describe('Carry annotations along'),
    split: z
      .strictObject({
        train: z.number().min(0).max(1),
        validation: z.number().min(0).max(1),
        test: z.number().min(0).max(1),
      })
      .optional()
      .describe('Shares of the parts; near-duplicates stay together'),
  })
  .meta({ id: 'ExportRun' });
export type ExportRun = z.infer<typeof exportRun>;
