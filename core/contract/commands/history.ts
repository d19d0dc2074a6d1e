import { z } from 'zod';
import { command } from '../command.ts';
import { cursor, id, inProject, limit, line, moment } from '../values.ts';

const edit = z.strictObject({ id, summary: line, at: moment, undone: z.boolean() }).meta({ id: 'Edit' });

/** Where the history stands: what undo and redo would do. */
export const historyState = z
  .strictObject({
    undo: line.nullable().describe('What would be undone; null: nothing'),
    redo: line.nullable().describe('What would be done again; null: nothing'),
  })
  .meta({ id: 'HistoryState' });

/** Undo and redo, without limit, across restarts. */
export const history = {
  page: command({
    method: 'GET',
    path: '/api/projects/:project/history',
    summary: 'Edits, latest first',
    effect: 'reads',
    params: inProject,
    query: z.strictObject({ limit, cursor: cursor.optional() }),
    answer: z.strictObject({ edits: z.array(edit), next: cursor.nullable(), state: historyState }),
  }),
  undo: command({
    method: 'POST',
    path: '/api/projects/:project/history/undo',
    summary: 'Undo the latest edit',
    effect: 'changes',
    params: inProject,
    answer: z.strictObject({ edit: edit.nullable().describe('null: there was nothing'), state: historyState }),
  }),
  redo: command({
    method: 'POST',
    path: '/api/projects/:project/history/redo',
    summary: 'Do the latest undone edit again',
    effect: 'changes',
    params: inProject,
    answer: z.strictObject({ edit: edit.nullable().describe('null: there was nothing'), state: historyState }),
  }),
};
