import { z } from 'zod';
import { command } from '../command.ts';
import { selection } from '../selection.ts';
import { box, count, cursor, id, inProject, limit, line, moment, nothing, point } from '../values.ts';

const shape = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('box'),
      box,
      angle: z.number().min(-360).max(360).default(0).describe('Degrees about its centre, clockwise as seen'),
    }),
    z.strictObject({
      kind: z.literal('point'),
      at: point,
      landmark: z
        .strictObject({ schema: id, name: line.max(60) })
        .nullable()
        .default(null),
      visible: z.boolean().default(true).describe('false: known but hidden'),
    }),
    z.strictObject({ kind: z.literal('polygon'), points: z.array(point).min(3).max(10_000) }),
  ])
  .meta({ id: 'Shape', description: 'In pixels of the oriented image, or in the canonical frame ([-1, 1])' });

export type Shape = z.infer<typeof shape>;

const place = z
  .union([z.strictObject({ image: id }), z.strictObject({ canonicalOf: id.describe('A run: its canonical frame') })])
  .meta({ id: 'AnnotationPlace', description: 'An image, or the canonical frame of a run' });

const label = line.max(100).nullable().default(null);

const annotation = z
  .strictObject({
    id,
    on: place,
    label: label.unwrap(),
    shape,
    outside: z.boolean().describe('Some of it lies outside the image or the canonical frame'),
    propagatedFrom: id.nullable().describe('The annotation that it came from, until a person touches it'),
    changedAt: moment,
  })
  .meta({ id: 'Annotation' });
export type Annotation = z.infer<typeof annotation>;

const inAnnotation = inProject.extend({ annotation: id });

/** Annotations: boxes, points and polygons on images and on canonical frames. */
export const annotations = {
  page: command({
    method: 'GET',
    path: '/api/projects/:project/annotations',
    summary: 'Annotations of one image, of a canonical frame, or of the whole project',
    effect: 'reads',
    params: inProject,
    query: z.strictObject({
      image: id.optional(),
      canonicalOf: id.optional(),
      label: line.optional(),
      propagated: z.boolean().optional(),
      limit,
      cursor: cursor.optional(),
    }),
    answer: z.strictObject({ annotations: z.array(annotation), next: cursor.nullable(), total: count }),
  }),
  create: command({
    method: 'POST',
    path: '/api/projects/:project/annotations',
    summary: 'Draw an annotation',
    effect: 'edits',
    params: inProject,
    body: z.strictObject({ on: place, label, shape }),
    answer: annotation,
  }),
  edit: command({
    method: 'PATCH',
    path: '/api/projects/:project/annotations/:annotation',
    summary: 'Change an annotation; one that was propagated becomes its own',
    effect: 'edits',
    params: inAnnotation,
    body: z.strictObject({ label: line.max(100).nullable().optional(), shape: shape.optional() }),
    answer: annotation,
  }),
  remove: command({
    method: 'DELETE',
    path: '/api/projects/:project/annotations/:annotation',
    summary: 'Remove an annotation',
    effect: 'edits',
    params: inAnnotation,
    answer: nothing,
  }),
  propagate: command({
    method: 'POST',
    path: '/api/projects/:project/annotations/propagate',
    summary: 'Carry annotations through the transforms of a run to other images',
    effect: 'edits',
    params: inProject,
    body: z.strictObject({
      run: id,
      annotations: z.array(id).min(1).max(1000).describe('Of the canonical frame of the run, or of an image in it'),
      selection: selection.optional().describe('Images to reach; all of the run by default'),
      boxes: z
        .enum(['polygon', 'enclosing-box'])
        .default('polygon')
        .describe('What boxes become: their corners as a polygon, which is exact, or the upright box around them'),
      replace: z.boolean().default(true).describe('Replace what was propagated from the same before'),
    }),
    answer: z.strictObject({
      made: count,
      replaced: count,
      outside: count.describe('Of those made: reach outside their image; they are kept and flagged'),
    }),
  }),
  confirm: command({
    method: 'POST',
    path: '/api/projects/:project/annotations/confirm',
    summary: 'Propagated annotations that are right',
    effect: 'edits',
    params: inProject,
    body: z.strictObject({ annotations: z.array(id).min(1).max(10_000) }),
    answer: z.strictObject({ changed: count }),
  }),
};
