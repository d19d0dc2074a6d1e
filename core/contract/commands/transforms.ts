import { z } from 'zod';
import { command } from '../command.ts';
import { alignRun } from '../recipes.ts';
import { filter, selection } from '../selection.ts';
import { box, coordinate, count, cursor, familyName, id, inRun, limit, matrix3, point, prose } from '../values.ts';

const decision = z.enum(['none', 'accepted', 'rejected', 'edited']).describe('What a person has said of it');

const pin = z
  .strictObject({ canonical: point, image: point.describe('Pixels of the oriented image') })
  .meta({ id: 'Pin', description: 'A point of the canonical frame and where it is in the image' });

/** Where a run found the canonical frame in one image. */
export const transform = z
  .strictObject({
    image: id,
    name: prose,
    width: count.nullable().describe('Pixels of the oriented image; null: it cannot be read'),
    height: count.nullable(),
    thumbnail: z.string().max(64).describe('Changes when the thumbnail changes: pass it as `v`'),
    family: familyName,
    canonicalToImage: matrix3.nullable().describe('null: nothing was found'),
    parameters: z.array(z.number()).nullable().describe("The family's parameters, in its order"),
    mirrored: z.boolean(),
    box: box.nullable(),
    status: z.string().max(32).describe('What the run says: ok, flagged, nothing'),
    decision,
    reading: z
      .strictObject({
        angle: z.number().describe('Degrees, clockwise as seen'),
        scale: z.number().describe('Width of the frame as a share of the shorter side of the image'),
        shiftX: z.number().describe('Pixels from the centre of the image to that of the frame'),
        shiftY: z.number(),
        shear: z.number(),
        stretch: z.number().describe('Ratio of the two scales'),
      })
      .nullable()
      .describe('The transform in words'),
    scores: z.record(z.string(), z.number()),
    v: z.string().max(64).nullable().describe('Version of its picture in the canonical pose'),
    pins: z.array(pin).nullable().describe('The points that a person has held it on; null: none'),
  })
  .meta({ id: 'Transform' });
export type Transform = z.infer<typeof transform>;

const inTransform = inRun.extend({ image: id });
const decided = z.strictObject({ changed: count });

function deciding<const Path extends `/api/${string}`>(path: Path, summary: string) {
  const body = z.strictObject({ selection });
  return command({ method: 'POST', path, summary, effect: 'edits', params: inRun, body, answer: decided });
}

const edit = z.union([
  z.strictObject({ matrix: matrix3, mirrored: z.boolean().optional() }),
  z.strictObject({ family: familyName, parameters: z.array(coordinate).max(16), mirrored: z.boolean().optional() }),
  z.strictObject({ box }),
  z.strictObject({
    family: familyName.default('similarity'),
    pins: z
      .array(pin)
      .min(1)
      .max(64)
      .describe('Points of the canonical frame and where they are in the image; the best transform is fitted'),
  }),
]);

export type TransformEdit = z.infer<typeof edit>;

/** Transforms and scores of a run: look, correct, decide, rerun. */
export const transforms = {
  page: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/transforms',
    summary: 'Transforms and scores of a run; `worst first` is ascending similarity',
    effect: 'reads',
    params: inRun,
    query: filter.omit({ run: true }).extend({
      sort: z.enum(['name', 'status', 'score']).default('name'),
      by: z.string().min(1).max(64).optional().describe('Name of the score to sort by'),
      direction: z.enum(['ascending', 'descending']).default('ascending'),
      limit,
      cursor: cursor.optional(),
    }),
    answer: z.strictObject({ transforms: z.array(transform), next: cursor.nullable(), total: count }),
  }),
  columns: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/columns',
    summary: 'All names, states, scores and readings as columns, for tables and scatter plots',
    effect: 'reads',
    params: inRun,
    query: z.strictObject({ limit: z.number().int().min(1).max(20_000).default(20_000), cursor: cursor.optional() }),
    answer: z.strictObject({
      images: z.array(id),
      names: z.array(prose),
      status: z.array(z.string().max(32)),
      decision: z.array(decision),
      scores: z.record(z.string(), z.array(z.number().nullable())),
      reading: z.record(z.string(), z.array(z.number().nullable())),
      next: cursor.nullable(),
    }),
  }),
  one: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/transforms/:image',
    summary: "One image's transform and scores",
    effect: 'reads',
    params: inTransform,
    answer: transform,
  }),
  edit: command({
    method: 'PUT',
    path: '/api/projects/:project/runs/:run/transforms/:image',
    summary: 'Correct a transform: by matrix, parameters, box or pins',
    effect: 'edits',
    params: inTransform,
    body: edit,
    answer: transform,
  }),
  accept: deciding('/api/projects/:project/runs/:run/transforms/accept', 'These results are right'),
  reject: deciding('/api/projects/:project/runs/:run/transforms/reject', 'These results are wrong; leave them out'),
  reset: deciding('/api/projects/:project/runs/:run/transforms/reset', 'Back to what the run found, without decision'),
  rerun: command({
    method: 'POST',
    path: '/api/projects/:project/runs/:run/rerun',
    summary: 'Run again from the corrections: what was accepted or edited is kept',
    effect: 'starts',
    params: inRun,
    body: z.strictObject({ changes: alignRun.partial().optional().describe('Options that shall differ') }),
    answer: z.strictObject({ run: id }),
  }),
};
