import { z } from 'zod';
import { command } from '../command.ts';
import { count, cursor, id, inProject, limit, nothing } from '../values.ts';

const kind = z
  .enum(['duplicate', 'near-duplicate', 'burst'])
  .describe('The same bytes; the same picture to the eye; taken in one go');
const group = z
  .strictObject({
    id,
    kind,
    images: z.array(id).describe('Members; the one to keep first'),
    kept: id.nullable().describe('The member that was chosen'),
  })
  .meta({ id: 'Group' });
const inGroup = inProject.extend({ group: id });

/** Groups of images that show the same: duplicates, near-duplicates and bursts. */
export const groups = {
  page: command({
    method: 'GET',
    path: '/api/projects/:project/groups',
    summary: 'Groups of images that show the same',
    effect: 'reads',
    params: inProject,
    query: z.strictObject({ kind: kind.optional(), limit, cursor: cursor.optional() }),
    answer: z.strictObject({ groups: z.array(group), next: cursor.nullable(), total: count }),
  }),
  find: command({
    method: 'POST',
    path: '/api/projects/:project/groups/find',
    summary: 'Look for groups anew; groups with a chosen member stay',
    effect: 'changes',
    params: inProject,
    body: z.strictObject({
      kinds: z.array(kind).min(1).max(3).default(['duplicate', 'near-duplicate', 'burst']),
      distance: z.number().int().min(0).max(32).default(6).describe('Bits of 64 in which near-duplicates may differ'),
      seconds: z.number().min(0.1).max(60).default(2).describe('Longest pause within a burst'),
    }),
    answer: z.strictObject({ found: count }),
  }),
  keep: command({
    method: 'POST',
    path: '/api/projects/:project/groups/:group/keep',
    summary: 'Choose the member to keep; runs and exports may then leave out the others',
    effect: 'edits',
    params: inGroup,
    body: z.strictObject({ image: id.nullable().describe('null: no choice') }),
    answer: group,
  }),
  dissolve: command({
    method: 'DELETE',
    path: '/api/projects/:project/groups/:group',
    summary: 'These images are not the same after all',
    effect: 'edits',
    params: inGroup,
    answer: nothing,
  }),
};
