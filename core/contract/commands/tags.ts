import { z } from 'zod';
import { command } from '../command.ts';
import { selection } from '../selection.ts';
import { count, id, inProject, line, nothing } from '../values.ts';

const name = line.max(60);
const colour = z
  .enum(['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet'])
  .describe('Colour of a tag');
const tag = z.strictObject({ id, name, colour, images: count }).meta({ id: 'Tag' });
const inTag = inProject.extend({ tag: id });

/** Tags of a project and the images that bear them. */
export const tags = {
  list: command({
    method: 'GET',
    path: '/api/projects/:project/tags',
    summary: 'All tags by name',
    effect: 'reads',
    params: inProject,
    answer: z.strictObject({ tags: z.array(tag) }),
  }),
  create: command({
    method: 'POST',
    path: '/api/projects/:project/tags',
    summary: 'Make a tag',
    effect: 'edits',
    params: inProject,
    body: z.strictObject({ name, colour: colour.default('grey') }),
    answer: tag,
  }),
  edit: command({
    method: 'PATCH',
    path: '/api/projects/:project/tags/:tag',
    summary: "Change a tag's name or colour",
    effect: 'edits',
    params: inTag,
    body: z.strictObject({ name: name.optional(), colour: colour.optional() }),
    answer: tag,
  }),
  remove: command({
    method: 'DELETE',
    path: '/api/projects/:project/tags/:tag',
    summary: 'Remove a tag from the project and from all images',
    effect: 'edits',
    params: inTag,
    answer: nothing,
  }),
  assign: command({
    method: 'POST',
    path: '/api/projects/:project/tags/:tag/assign',
    summary: 'Give images a tag',
    effect: 'edits',
    params: inTag,
    body: z.strictObject({ selection }),
    answer: z.strictObject({ changed: count }),
  }),
  unassign: command({
    method: 'POST',
    path: '/api/projects/:project/tags/:tag/unassign',
    summary: 'Take a tag from images',
    effect: 'edits',
    params: inTag,
    body: z.strictObject({ selection }),
    answer: z.strictObject({ changed: count }),
  }),
};
