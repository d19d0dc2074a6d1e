import type { Editing, ProjectReader } from '../../store/database.ts';
import type { Edit } from '../../store/edits.ts';
import { listEdits, recordEdit } from '../../store/edits.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';

const pageSize = 100;
const longestLabel = 200;

/** What undo and redo would do, in words; null where there is nothing. */
export interface HistoryState {
  readonly undo: string | null;
  readonly redo: string | null;
}

/** What undo and redo would do next. **Throws** as `reading`. */
export function historyState(project: ProjectReader): HistoryState {
  let redo: Edit | undefined;
  for (;;) {
    const edits = listEdits(project, pageSize, redo?.id);
    const standing = edits.findIndex(({ undone }) => !undone);
    redo = (standing < 0 ? edits.at(-1) : edits[standing - 1]) ?? redo;
    if (standing >= 0 || edits.length < pageSize)
      return { undo: edits[standing]?.label ?? null, redo: redo?.label ?? null };
  }
}

/**
 * Does what a person asked for as one step of undo and tells that there is one. The label says in words what was done.
 *
 * **Throws** as `recordEdit`, and CongealError `project-read-only`.
 */
export function makeEdit<Result>(
  engine: Pick<Engine, 'hub'>,
  open: OpenProject,
  label: string,
  work: (editing: Editing) => Result,
): Result {
  const line = label.replaceAll(/\p{Cc}/gu, ' ').slice(0, longestLabel);
  const result = recordEdit(writable(open), line, work);
  publishHistory(engine, open);
  return result;
}

/** Tells where the history stands. */
export function publishHistory({ hub }: Pick<Engine, 'hub'>, open: OpenProject): void {
  hub.publish({ event: 'history-changed', project: open.id, state: historyState(open.reader) });
}
