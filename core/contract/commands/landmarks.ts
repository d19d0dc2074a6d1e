import { z } from 'zod';
import { command } from '../command.ts';
import { id, inProject, line, nothing } from '../values.ts';

const index = z.number().int().min(0).max(499);
const schema = {
  name: line.max(80),
  points: z.array(line.max(60)).min(1).max(500).describe('Names of the points, in order'),
  edges: z
    .array(z.tuple([index, index]))
    .max(2000)
    .default([])
    .describe('Lines to draw between points'),
  mirrored: z
    .array(z.tuple([index, index]))
    .max(250)
    .default([])
    .describe('Points that swap when an image is mirrored'),
};
const landmarkSchema = z
  .strictObject({ ...schema, id, edges: schema.edges.unwrap(), mirrored: schema.mirrored.unwrap() })
  .meta({ id: 'LandmarkSchema' });
const inSchema = inProject.extend({ schema: id });

/** Landmark schemas: which named points a set of images has. */
export const landmarks = {
  list: command({
    method: 'GET',
    path: '/api/projects/:project/landmarks',
    summary: 'All landmark schemas',
    effect: 'reads',
    params: inProject,
    answer: z.strictObject({ schemas: z.array(landmarkSchema) }),
  }),
  create: command({
    method: 'POST',
    path: '/api/projects/:project/landmarks',
    summary: 'Make a landmark schema',
    effect: 'edits',
    params: inProject,
    body: z.strictObject(schema),
    answer: landmarkSchema,
  }),
  edit: command({
    method: 'PUT',
    path: '/api/projects/:project/landmarks/:schema',
    summary: 'Change a landmark schema',
    effect: 'edits',
    params: inSchema,
    body: z.strictObject(schema),
    answer: landmarkSchema,
  }),
  remove: command({
    method: 'DELETE',
    path: '/api/projects/:project/landmarks/:schema',
    summary: 'Remove a landmark schema; its points stay, without names',
    effect: 'edits',
    params: inSchema,
    answer: nothing,
  }),
};
