import type Database from 'better-sqlite3';
import { editableTables, type EditableTable } from './editable-tables.ts';

/**
 * Watches an open file's editable tables: while an edit is being recorded each change of a row becomes a step of it;
 * while none is, changes are refused, so that nothing escapes the undo log. The watching triggers are temporary: they
 * live in this connection, never in the file. Cascades from images and runs that leave are let through.
 */
export function watchEdits(database: Database.Database): void {
  database.exec(`
    CREATE TEMP TABLE edit_state (mode TEXT NOT NULL, edit_id INTEGER);
    INSERT INTO edit_state VALUES ('closed', NULL);`);
  for (const [name, table] of Object.entries<EditableTable>(editableTables))
    for (const operation of table.operations) database.exec(triggerSql(name, table, operation));
}

function triggerSql(name: string, table: EditableTable, operation: 'insert' | 'update' | 'delete'): string {
  const before = operation === 'insert' ? 'NULL' : rowSql('old', table);
  const after = operation === 'delete' ? 'NULL' : rowSql('new', table);
  const columns = operation === 'update' ? ` OF ${[...table.key, ...table.columns].join(', ')}` : '';
  return `CREATE TEMP TRIGGER ${name}_${operation} AFTER ${operation.toUpperCase()}${columns} ON main.${name} BEGIN
    SELECT RAISE(ABORT, 'a change of ${name} outside an edit') FROM edit_state
      WHERE mode = 'closed'${operation === 'delete' ? stillFollows(table) : ''};
    INSERT INTO edit_step (edit_id, table_name, before, after)
      SELECT edit_id, '${name}', ${before}, ${after} FROM edit_state WHERE mode = 'recording';
  END`;
}

function stillFollows(table: EditableTable): string {
  return Object.entries(table.follows)
    .map(
      ([column, parent]) => ` AND (old.${column} IS NULL OR EXISTS (SELECT 1 FROM ${parent} WHERE id = old.${column}))`,
    )
    .join('');
}

function rowSql(row: 'old' | 'new', { key, columns }: EditableTable): string {
  return `json_object(${[...key, ...columns].map((column) => `'${column}', ${row}.${column}`).join(', ')})`;
}
