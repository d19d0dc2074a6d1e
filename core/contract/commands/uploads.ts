import { z } from 'zod';
import { bytes, command } from '../command.ts';
import { count, id, inProject, nothing, prose } from '../values.ts';

const inUpload = inProject.extend({ upload: id });
const gibibyte = 2 ** 30;

/** Files that are dropped on the window: they are copied into a folder beside the project file, then imported. */
export const uploads = {
  begin: command({
    method: 'POST',
    path: '/api/projects/:project/uploads',
    summary: 'Begin an upload',
    effect: 'changes',
    params: inProject,
    body: z.strictObject({
      files: z.number().int().min(1).max(100_000),
      bytes: z
        .number()
        .int()
        .min(0)
        .max(1024 * gibibyte)
        .describe('Of all files together'),
    }),
    answer: z.strictObject({ upload: id }),
  }),
  file: command({
    method: 'PUT',
    path: '/api/projects/:project/uploads/:upload/files',
    summary: 'Send one file',
    effect: 'changes',
    params: inUpload,
    query: z.strictObject({ name: z.string().min(1).max(1000).describe('Relative path with /, as it was dropped') }),
    body: bytes(['application/octet-stream']),
    answer: z.strictObject({ stored: prose.describe('The name that it got'), bytes: count }),
  }),
  finish: command({
    method: 'POST',
    path: '/api/projects/:project/uploads/:upload/finish',
    summary: 'Import what was sent',
    effect: 'starts',
    params: inUpload,
    answer: z.strictObject({ run: id }),
  }),
  cancel: command({
    method: 'DELETE',
    path: '/api/projects/:project/uploads/:upload',
    summary: 'Give up an upload; what was sent is removed',
    effect: 'changes',
    params: inUpload,
    answer: nothing,
  }),
};
