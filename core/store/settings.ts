import { prepare, reading, type Editing, type ProjectReader } from './database.ts';

interface SettingRow {
  readonly key: string;
  readonly value: string;
}

const selectAll = 'SELECT key, value FROM setting ORDER BY key';
const upsertOne = `INSERT INTO setting (key, value) VALUES (?, ?)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
const removeOne = 'DELETE FROM setting WHERE key = ?';

/** The project's own settings: plain data by key. **Throws** as `reading`. */
export function listSettings(project: ProjectReader): ReadonlyMap<string, unknown> {
  const rows = reading(project, () => prepare<[], SettingRow>(project, selectAll).all());
  return new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
}

/** Sets one of the project's settings to plain data, or forgets it where that is undefined. */
export function saveSetting(editing: Editing, key: string, value: unknown): void {
  if (value === undefined) prepare(editing, removeOne).run(key);
  else prepare(editing, upsertOne).run(key, JSON.stringify(value));
}
