import { z } from 'zod';
import { command } from '../command.ts';
import { exportRun } from '../recipes.ts';
import { count, id, inProject, line, moment, prose } from '../values.ts';

/** Exports: what would be written, and writing it. */
export const exports = {
  list: command({
    method: 'GET',
    path: '/api/projects/:project/exports',
    summary: 'Datasets that were written, latest first',
    effect: 'reads',
    params: inProject,
    answer: z.strictObject({
      exports: z.array(
        z.strictObject({
          run: id,
          source: id.nullable().describe('The run whose results were written; null: it was removed'),
          format: z.string().max(32),
          place: prose.describe('Where it lies, for people to read'),
          images: count,
          bytes: count,
          at: moment,
        }),
      ),
    }),
  }),
  preview: command({
    method: 'POST',
    path: '/api/projects/:project/exports/preview',
    summary: 'What an export would write: the first crops, what is left out and why',
    effect: 'reads',
    params: inProject,
    body: z.strictObject({ options: exportRun, first: z.number().int().min(0).max(100).default(12) }),
    answer: z.strictObject({
      included: count,
      leftOut: z.array(z.strictObject({ reason: prose, images: count })),
      first: z
        .array(z.strictObject({ image: id, target: prose.describe('Name within the dataset'), upscaled: z.boolean() }))
        .describe('Render them with `pictures.crop` and the same options'),
      bytes: count.describe('Rough size of the dataset'),
      warnings: z.array(prose),
    }),
  }),
  start: command({
    method: 'POST',
    path: '/api/projects/:project/exports',
    summary: 'Write a dataset into a new folder',
    effect: 'starts',
    params: inProject,
    body: z.strictObject({
      options: exportRun,
      place: id.nullable().default(null).describe('Folder to write into (a grant); null: beside the project file'),
      name: line.max(80).describe('Name of the new folder'),
    }),
    answer: z.strictObject({ run: id }),
  }),
};
