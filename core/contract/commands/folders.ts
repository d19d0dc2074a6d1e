import { z } from 'zod';
import { command } from '../command.ts';
import { count, id, line, prose } from '../values.ts';

const entry = z.strictObject({ id, name: prose });
/** What a grant is good for. */
export const purpose = z.enum(['images', 'project', 'export']).describe('What a folder is chosen for');

/** A folder that a person chose: its id can be given to commands that take a grant. */
const grant = z
  .strictObject({ id, name: prose, place: prose.describe('For people to read'), writable: z.boolean() })
  .meta({ id: 'FolderGrant' });

/** Folders of this machine, within the roots that were granted when the engine was started. */
export const folders = {
  roots: command({
    method: 'GET',
    path: '/api/folders',
    summary: 'The folders in which folders can be chosen',
    effect: 'reads',
    answer: z.strictObject({ roots: z.array(entry) }),
  }),
  list: command({
    method: 'GET',
    path: '/api/folders/:folder',
    summary: 'What lies in a folder: folders, project files, how many images',
    effect: 'reads',
    params: z.strictObject({ folder: id }),
    answer: z.strictObject({
      folder: entry,
      parents: z.array(entry).describe('From its root down'),
      folders: z.array(entry),
      projects: z.array(entry),
      images: count.describe('Files directly in it that look like images'),
      writable: z.boolean(),
      more: z.boolean().describe('There are more entries than are listed'),
    }),
  }),
  make: command({
    method: 'POST',
    path: '/api/folders/:folder/make',
    summary: 'Make a folder in a folder',
    effect: 'changes',
    params: z.strictObject({ folder: id }),
    body: z.strictObject({ name: line.max(80).regex(/^[^/\\:*?"<>|]+$/) }),
    answer: entry,
  }),
  choose: command({
    method: 'POST',
    path: '/api/folders/:folder/choose',
    summary: 'Choose a folder for a purpose; the grant lasts as long as the engine runs',
    effect: 'changes',
    params: z.strictObject({ folder: id }),
    body: z.strictObject({ purpose }),
    answer: grant,
  }),
};
