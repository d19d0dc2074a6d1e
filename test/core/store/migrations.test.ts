import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { applicationId } from '../../../core/store/application-id.ts';
import { loadCheckpoint } from '../../../core/store/checkpoints.ts';
import type { RunId } from '../../../core/store/ids.ts';
import { currentSchema, migrate, schemaOf } from '../../../core/store/migrations/migrate.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { makeFirstSchema, oldState } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function tablesOf(database: Database.Database): string[] {
  return database
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .pluck()
    .all();
}

test('0001 makes the tables of a project', () => {
  const database = new Database(':memory:');
  migrate(database, 1);
  expect(schemaOf(database)).toBe(1);
  expect(tablesOf(database)).toEqual(['checkpoint', 'image', 'model', 'run', 'score', 'transform']);
});

test('0001 refuses rows that mean nothing', () => {
  const database = new Database(':memory:');
  migrate(database);
  const refused = [
    `INSERT INTO image (path, bytes, status) VALUES ('a.jpg', 1, 'ready')`,
    `INSERT INTO image (path, bytes, status) VALUES ('a.jpg', 1, 'failed')`,
    `INSERT INTO run (kind, options, seed, status, stage, versions, started_at) VALUES ('dance', '{}', 1, 'done', '', '{}', 0)`,
    `INSERT INTO run (kind, options, seed, status, stage, versions, started_at) VALUES ('find', '{', 1, 'done', '', '{}', 0)`,
  ];
  for (const sql of refused) expect(() => database.exec(sql)).toThrow('constraint');
});

test('0002 gives every checkpoint its checksum', () => {
  const database = new Database(':memory:');
  migrate(database, 1);
  database.exec(`INSERT INTO run (id, kind, options, seed, status, stage, versions, started_at)
    VALUES (1, 'find', '{}', 1, 'done', '', '{}', 0)`);
  database.prepare(`INSERT INTO checkpoint (run_id, sequence, stage, state) VALUES (1, 1, '', ?)`).run(oldState);
  migrate(database, 2);
  expect(schemaOf(database)).toBe(2);
  expect(database.prepare('SELECT sha256 FROM checkpoint').pluck().get()).toBe(
    createHash('sha256').update(oldState).digest('hex'),
  );
});

test('an older project is copied, then migrated, and keeps its contents', () => {
  const path = join(temporaryFolder(), 'old.congeal');
  makeFirstSchema(path);
  const project = openProject(path);
  expect(schemaOf(project.database)).toBe(currentSchema);
  expect(loadCheckpoint(project, 7 as RunId)).toEqual({ sequence: 3, stage: 'train', state: oldState });
  closeProject(project);
  const backup = new Database(`${path}.backup-v1`, { readonly: true });
  expect(schemaOf(backup)).toBe(1);
  expect(backup.pragma('application_id', { simple: true })).toBe(applicationId);
  expect(backup.prepare('SELECT state FROM checkpoint').pluck().get()).toEqual(oldState);
  backup.close();
  closeProject(openProject(path));
  expect(readdirSync(dirname(path)).sort()).toEqual(['old.congeal', 'old.congeal.backup-v1']);
});

test('a backup never replaces an earlier one', () => {
  const path = join(temporaryFolder(), 'old.congeal');
  makeFirstSchema(path);
  makeFirstSchema(`${path}.backup-v1`);
  const before = readFileSync(`${path}.backup-v1`);
  closeProject(openProject(path));
  expect(readFileSync(`${path}.backup-v1`)).toEqual(before);
  expect(existsSync(`${path}.backup-v1-2`)).toBe(true);
});

test('an older project that is only looked at stays as it is', () => {
  const path = join(temporaryFolder(), 'old.congeal');
  makeFirstSchema(path);
  const before = readFileSync(path);
  const project = openProject(path, { readOnly: true });
  expect(loadCheckpoint(project, 7 as RunId)?.sequence).toBe(3);
  closeProject(project);
  expect(readFileSync(path)).toEqual(before);
  expect(readdirSync(dirname(path))).toEqual(['old.congeal']);
});

test('a migration that fails leaves the old schema', () => {
  const path = join(temporaryFolder(), 'old.congeal');
  makeFirstSchema(path);
  const spoiler = new Database(path);
  spoiler.exec('ALTER TABLE checkpoint ADD COLUMN sha256 TEXT');
  spoiler.close();
  expect(() => openProject(path)).toThrow('duplicate column');
  const database = new Database(path);
  expect(schemaOf(database)).toBe(1);
  database.close();
});
