import { z } from 'zod';
import { id, line } from './values.ts';

const atMostTags = 50;

/** Which images of a collection are meant; every condition that is given must hold. */
export const filter = z.strictObject({
  run: id.optional().describe('The chosen run: its results, decisions and scores are shown and filtered by'),
  text: line.optional().describe('Part of the name, in any case'),
  status: z
    .array(z.enum(['ready', 'failed', 'missing', 'quarantined']))
    .max(4)
    .optional()
    .describe('Any of these states'),
  decision: z
    .array(z.enum(['none', 'accepted', 'rejected', 'edited']))
    .max(4)
    .optional()
    .describe('Any of these decisions in the chosen run'),
  result: z.array(z.string().min(1).max(32)).max(8).optional().describe('Any of these results in the chosen run'),
  tags: z.array(id).max(atMostTags).optional().describe('All of these tags'),
  withoutTags: z.array(id).max(atMostTags).optional().describe('None of these tags'),
  group: id.optional().describe('Members of this group of duplicates or burst'),
  score: z.string().min(1).max(64).optional().describe('Name of the score that `scoreFrom` and `scoreTo` bound'),
  scoreFrom: z.number().optional(),
  scoreTo: z.number().optional(),
  annotated: z.boolean().optional().describe('Has annotations, or has none'),
});
export type Filter = z.infer<typeof filter>;

/** A set of images that something is done to: named one by one, or all that a filter lets through. */
export const selection = z
  .union([
    z.strictObject({ images: z.array(id).min(1).max(100_000) }),
    z.strictObject({ filter, except: z.array(id).max(10_000).default([]) }),
  ])
  .meta({ id: 'Selection', description: 'Images one by one, or all that a filter lets through' });
export type Selection = z.infer<typeof selection>;
