import { prepare, reading, writing, type Editing, type Project, type ProjectReader } from './database.ts';
import { replaySteps } from './edit-replay.ts';
import type { EditId } from './ids.ts';

/** Something that a person did, as one step of undo. `madeAt` in milliseconds since 1970. */
export interface Edit {
  readonly id: EditId;
  readonly label: string;
  readonly madeAt: number;
  /** It has been undone and can be done again. */
  readonly undone: boolean;
}

/** What undoing or redoing has changed. */
export interface Replayed {
  readonly edit: Edit;
  /** Names of the tables in which rows changed. */
  readonly tables: readonly string[];
}

interface EditRow {
  readonly id: number;
  readonly label: string;
  readonly made_at: number;
  readonly undone: 0 | 1;
}

const insertOne = 'INSERT INTO edit (label, made_at, undone) VALUES (?, ?, 0)';
const setState = 'UPDATE edit_state SET mode = ?, edit_id = ?';
const selectState = 'SELECT edit_id FROM edit_state';
const selectStep = 'SELECT id FROM edit_step WHERE edit_id = ? LIMIT 1';
const removeUndone = 'DELETE FROM edit WHERE undone = 1';
const removeOne = 'DELETE FROM edit WHERE id = ?';
const selectLastDone = 'SELECT id, label, made_at, undone FROM edit WHERE undone = 0 ORDER BY id DESC LIMIT 1';
const selectFirstUndone = 'SELECT id, label, made_at, undone FROM edit WHERE undone = 1 ORDER BY id LIMIT 1';
const markOne = 'UPDATE edit SET undone = ? WHERE id = ?';
const selectRecent = 'SELECT id, label, made_at, undone FROM edit WHERE id < ? ORDER BY id DESC LIMIT ?';

/**
 * Does what a person asked for as one edit: everything that `work` changes in editable tables can be undone together.
 * What had been undone before can then no longer be redone. An edit inside an edit becomes part of it; one that changes
 * nothing leaves no trace. Gives what `work` gives.
 *
 * **Throws** as `writing`, and what `work` throws; then nothing has changed.
 */
export function recordEdit<Result>(
  project: Project,
  label: string,
  work: (editing: Editing) => Result,
  madeAt: number = Date.now(),
): Result {
  return writing(project, () => {
    const editing = project as Editing;
    if (prepare<[], { edit_id: number | null }>(project, selectState).get()?.edit_id != null) return work(editing);
    const id = Number(prepare(project, insertOne).run(label, madeAt).lastInsertRowid);
    const result = inState(project, 'recording', id, () => work(editing));
    if (prepare(project, selectStep).get(id) === undefined) prepare(project, removeOne).run(id);
    else prepare(project, removeUndone).run();
    return result;
  });
}

/** Undoes the latest edit that stands; undefined where there is none. **Throws** as `writing`. */
export function undo(project: Project): Replayed | undefined {
  return replay(project, selectLastDone, 'back');
}

/** Does again what was undone last; undefined where there is nothing. **Throws** as `writing`. */
export function redo(project: Project): Replayed | undefined {
  return replay(project, selectFirstUndone, 'forth');
}

/** Edits, newest first, those that were undone among them; `before` goes on from an earlier page. **Throws** as `reading`. */
export function listEdits(project: ProjectReader, limit: number, before?: EditId): readonly Edit[] {
  return reading(project, () =>
    prepare<[number, number], EditRow>(project, selectRecent)
      .all(before ?? Number.MAX_SAFE_INTEGER, limit)
      .map(toEdit),
  );
}

function replay(project: Project, select: string, direction: 'back' | 'forth'): Replayed | undefined {
  return writing(project, () => {
    const row = prepare<[], EditRow>(project, select).get();
    if (row === undefined) return undefined;
    // Rows that refer to each other come and go one by one; what must hold, holds at the end.
    project.database.pragma('defer_foreign_keys = ON');
    const tables = inState(project, 'replaying', null, () => replaySteps(project, row.id, direction));
    const undone = direction === 'back' ? 1 : 0;
    prepare(project, markOne).run(undone, row.id);
    return { edit: toEdit({ ...row, undone }), tables };
  });
}

function inState<Result>(project: Project, mode: string, edit: number | null, work: () => Result): Result {
  prepare(project, setState).run(mode, edit);
  try {
    return work();
  } finally {
    prepare(project, setState).run('closed', null);
  }
}

function toEdit(row: EditRow): Edit {
  return { id: row.id as EditId, label: row.label, madeAt: row.made_at, undone: row.undone === 1 };
}
