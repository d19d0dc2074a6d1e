import { CongealError } from '../contract/errors.ts';
import { prepare, type Project } from './database.ts';
import { findEditableTable, type EditableTable } from './editable-tables.ts';

type Cell = string | number | null;
type Cells = Readonly<Record<string, Cell>>;

interface StepRow {
  readonly id: number;
  readonly table_name: string;
  readonly before: string | null;
  readonly after: string | null;
}

const pageLength = 5000;
const selectBack = `SELECT id, table_name, before, after FROM edit_step WHERE edit_id = ? AND id < ?
  ORDER BY id DESC LIMIT ${pageLength}`;
const selectForth = `SELECT id, table_name, before, after FROM edit_step WHERE edit_id = ? AND id > ?
  ORDER BY id LIMIT ${pageLength}`;

/**
 * Takes an edit's steps back (newest first) or does them again (oldest first), inside the caller's transaction. What
 * hung on an image or a run that has left meanwhile stays away. Gives the names of the tables concerned.
 *
 * **Throws** 'project-invalid' where a step is not one that this program writes.
 */
export function replaySteps(project: Project, edit: number, direction: 'back' | 'forth'): readonly string[] {
  const tables = new Set<string>();
  const select = prepare<[number, number], StepRow>(project, direction === 'back' ? selectBack : selectForth);
  let last = direction === 'back' ? Number.MAX_SAFE_INTEGER : -1;
  for (;;) {
    const steps = select.all(edit, last);
    for (const step of steps) {
      replayStep(project, step, direction);
      tables.add(step.table_name);
    }
    if (steps.length < pageLength) return [...tables];
    last = steps[steps.length - 1].id;
  }
}

function replayStep(project: Project, step: StepRow, direction: 'back' | 'forth'): void {
  const { table_name: name } = step;
  const table = findEditableTable(name);
  const done = step.before === null ? 'insert' : step.after === null ? 'delete' : 'update';
  if (table?.operations.includes(done) !== true) throw unknownStep(project, step);
  const [from, to] = direction === 'back' ? [step.after, step.before] : [step.before, step.after];
  const old = from === null ? null : readCells(project, step, table, from);
  const fresh = to === null ? null : readCells(project, step, table, to);
  if (old === null) insert(project, name, table, fresh ?? {});
  else if (fresh === null) remove(project, name, table, old);
  else update(project, name, table, old, fresh);
}

function insert(project: Project, name: string, table: EditableTable, cells: Cells): void {
  const columns = columnsOf(table);
  const present = Object.entries(table.follows)
    .map(([column, parent]) => `(@${column} IS NULL OR EXISTS (SELECT 1 FROM ${parent} WHERE id = @${column}))`)
    .join(' AND ');
  const values = columns.map((column) => `@${column}`).join(', ');
  const sql = `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${values} WHERE ${present || 'true'}`;
  prepare<[Cells]>(project, sql).run(cells);
}

function remove(project: Project, name: string, { key }: EditableTable, cells: Cells): void {
  prepare<Cell[]>(project, `DELETE FROM ${name} WHERE ${same(key)}`).run(...key.map((column) => cells[column]));
}

function update(project: Project, name: string, table: EditableTable, old: Cells, fresh: Cells): void {
  const columns = columnsOf(table);
  const sql = `UPDATE ${name} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE ${same(table.key)}`;
  const values = [...columns.map((column) => fresh[column]), ...table.key.map((column) => old[column])];
  prepare<Cell[]>(project, sql).run(...values);
}

function same(key: readonly string[]): string {
  return key.map((column) => `${column} = ?`).join(' AND ');
}

function columnsOf({ key, columns }: EditableTable): readonly string[] {
  return [...key, ...columns];
}

function readCells(project: Project, step: StepRow, table: EditableTable, json: string): Cells {
  const columns = columnsOf(table);
  try {
    const cells = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (columns.every((column) => isCell(cells[column]))) {
      return Object.fromEntries(columns.map((column) => [column, cells[column] as Cell]));
    }
  } catch (error) {
    throw unknownStep(project, step, error);
  }
  throw unknownStep(project, step);
}

function isCell(value: unknown): value is Cell {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function unknownStep(project: Project, step: StepRow, cause?: unknown): CongealError {
  const message = `The undo log of ${project.path} is damaged (step ${step.id} of table ${step.table_name}); what it recorded cannot be undone, everything else stands.`;
  return new CongealError('project-invalid', message, { cause, details: { path: project.path, step: step.id } });
}
