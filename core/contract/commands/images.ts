import { z } from 'zod';
import { command } from '../command.ts';
import { filter, selection } from '../selection.ts';
import { box, count, cursor, failure, id, inImage, inProject, limit, moment, prose } from '../values.ts';

/** Where an image stands in the collection. */
const status = z.enum(['ready', 'failed', 'missing', 'quarantined']).describe('State of the file');

/** What a person decided about an image's result in a run. */
const decision = z.enum(['none', 'accepted', 'rejected', 'edited']).describe('Decision of a person in the chosen run');

/** An image as a list shows it. */
export const imageRow = z
  .strictObject({
    id,
    name: prose.describe('Path within the collection, with / between the parts'),
    status,
    failure: failure.nullable(),
    width: count.nullable().describe('Pixels of the oriented image'),
    height: count.nullable(),
    bytes: count,
    thumbnail: z.string().max(64).describe('Changes when the thumbnail changes: pass it as `v`'),
    tags: z.array(id),
    decision,
    result: z.string().max(32).nullable().describe('What the chosen run says: ok, flagged, nothing, ...'),
    aligned: z
      .string()
      .max(64)
      .nullable()
      .describe('`v` of its picture in the canonical pose; null where there is none'),
    scores: z.record(z.string().max(64), z.number()).describe('Scores of the chosen run by name'),
    annotations: count,
  })
  .meta({ id: 'ImageRow' });

const image = imageRow
  .extend({
    format: z.string().max(32).nullable(),
    orientation: z.number().int().min(1).max(8).nullable().describe('EXIF orientation'),
    storedWidth: count.nullable().describe('Pixels as stored, before orientation'),
    storedHeight: count.nullable(),
    sha256: z.string().length(64).nullable(),
    addedAt: moment.nullable(),
    folder: prose.describe('Where the original lies, for people to read'),
    groups: z.array(id).describe('Duplicates and bursts it belongs to'),
    results: z.array(z.strictObject({ run: id, status: z.string().max(32), box: box.nullable() })),
  })
  .meta({ id: 'Image' });

const sorting = {
  sort: z
    .enum(['name', 'added', 'bytes', 'pixels', 'status', 'score'])
    .default('name')
    .describe('`score` sorts by the score `by` of the chosen run; images without it come last'),
  by: z.string().min(1).max(64).optional().describe('Name of the score to sort by'),
  direction: z.enum(['ascending', 'descending']).default('ascending'),
};

/** Images of a collection: import, page, one, remove, relink. */
export const images = {
  page: command({
    method: 'GET',
    path: '/api/projects/:project/images',
    summary: 'A page of the collection, filtered and sorted',
    effect: 'reads',
    params: inProject,
    query: filter.extend({ ...sorting, limit, cursor: cursor.optional() }),
    answer: z.strictObject({
      images: z.array(imageRow),
      next: cursor.nullable().describe('Where the next page begins; null at the end'),
      total: count.describe('Images that the filter lets through'),
      revision: count,
    }),
  }),
  seek: command({
    method: 'GET',
    path: '/api/projects/:project/images/seek',
    summary: 'The cursor of a position, for jumping with a scroll bar',
    effect: 'reads',
    params: inProject,
    query: filter.extend({ ...sorting, position: count }),
    answer: z.strictObject({ cursor: cursor.nullable().describe('null: the page begins at the start') }),
  }),
  facets: command({
    method: 'GET',
    path: '/api/projects/:project/images/facets',
    summary: 'How many images there are of each state, decision and tag, and which scores the chosen run has',
    effect: 'reads',
    params: inProject,
    query: z.strictObject({ run: id.optional() }),
    answer: z.strictObject({
      status: z.record(status, count),
      decision: z.record(decision, count),
      tags: z.array(z.strictObject({ tag: id, images: count })),
      scores: z.array(z.strictObject({ name: z.string(), low: z.number(), high: z.number() })),
    }),
  }),
  one: command({
    method: 'GET',
    path: '/api/projects/:project/images/:image',
    summary: 'Everything about one image',
    effect: 'reads',
    params: inImage,
    query: z.strictObject({ run: id.optional() }),
    answer: image,
  }),
  import: command({
    method: 'POST',
    path: '/api/projects/:project/images/import',
    summary: 'Import the images of a folder, or look again at the folders that are known',
    effect: 'starts',
    params: inProject,
    body: z.strictObject({
      folder: id.nullable().describe('Folder to import (a grant); null: scan the known folders again'),
      allowDamaged: z.boolean().default(false).describe('Take files that end too early'),
    }),
    answer: z.strictObject({ run: id }),
  }),
  retry: command({
    method: 'POST',
    path: '/api/projects/:project/images/retry',
    summary: 'Try files again that failed or were quarantined',
    effect: 'starts',
    params: inProject,
    body: z.strictObject({ selection, allowDamaged: z.boolean().default(false) }),
    answer: z.strictObject({ run: id }),
  }),
  relink: command({
    method: 'POST',
    path: '/api/projects/:project/images/relink',
    summary: 'Find originals that moved: files of the folder with the same bytes take their place',
    effect: 'starts',
    params: inProject,
    body: z.strictObject({ folder: id.describe('Folder to search (a grant)') }),
    answer: z.strictObject({ run: id }),
  }),
  remove: command({
    method: 'POST',
    path: '/api/projects/:project/images/remove',
    summary: 'Take images out of the project; their files stay',
    effect: 'edits',
    params: inProject,
    body: z.strictObject({ selection }),
    answer: z.strictObject({ removed: count }),
  }),
};
