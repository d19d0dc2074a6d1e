import type { EditId } from '../../store/ids.ts';
import type { Edit } from '../../store/edits.ts';
import { listEdits } from '../../store/edits.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { historyState } from '../history/make-edit.ts';
import { replayEdit } from '../history/replay.ts';
import { fromCursor, toCursor } from '../page-cursor.ts';

const listed = { list: 'history' };

/** Undo and redo. */
export function historyHandlers(engine: Engine): GroupHandlers<'history'> {
  const replay = (project: string, direction: 'undo' | 'redo') => {
    const open = engine.projects.get(project);
    const edit = replayEdit(engine, open, direction);
    return { edit: edit === null ? null : view(edit), state: historyState(open.reader) };
  };
  return {
    page: ({ params, query: { limit, cursor } }) => {
      const { reader } = engine.projects.get(params.project);
      const before = cursor === undefined ? undefined : (Number(fromCursor(cursor, listed, ['number'])[0]) as EditId);
      const found = listEdits(reader, limit + 1, before);
      const edits = found.slice(0, limit);
      const last = edits.at(-1);
      const next = found.length > limit && last !== undefined ? toCursor(listed, [last.id]) : null;
      return { edits: edits.map(view), next, state: historyState(reader) };
    },
    undo: ({ params }) => replay(params.project, 'undo'),
    redo: ({ params }) => replay(params.project, 'redo'),
  };
}

function view({ id, label, madeAt, undone }: Edit) {
  return { id: String(id), summary: label, at: madeAt, undone };
}
