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
import { findRun } from '../../../core/store/runs.ts';
import { listImages } from '../../../core/store/images.ts';
import { countImages } from '../../../core/store/image-pages.ts';
import { listModels } from '../../../core/store/models.ts';
import { listScores } from '../../../core/store/scores.ts';
import { listTransforms } from '../../../core/store/transforms.ts';
import { makeFirstSchema, makeOldSchema, oldState, sampleRun } from '../../support/project-samples.ts';
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

test.each([1, 2] as const)('a project of schema %i keeps everything that was in it', (schema) => {
  const path = join(temporaryFolder(), 'old.congeal');
  makeOldSchema(path, schema);
  const project = openProject(path);
  const run = 7 as RunId;
  expect(listImages(project)).toMatchObject([
    { id: 4, name: 'b.jpg', status: 'failed', failureCode: 'truncated' },
    { id: 3, name: 'Img10.jpg', sha256: 'a'.repeat(64), width: 30, duplicateGroup: null },
  ]);
  expect(findRun(project, run)).toMatchObject({ kind: 'align', status: 'interrupted', parent: null });
  expect(listTransforms(project, run)).toMatchObject([{ image: 3, status: 'failed' }]);
  expect(listScores(project, run)).toEqual([{ image: 3, name: 'similarity', value: 0.25 }]);
  expect(listModels(project, run)).toMatchObject([{ name: 'encoder', path: join(dirname(path), 'encoder.onnx') }]);
  expect(loadCheckpoint(project, run)).toEqual({ sequence: 3, stage: 'train', state: oldState });
  expect(countImages(project, { text: 'MG1' })).toBe(1);
  // An id that was given out once is never given out again.
  expect(sampleRun(project, { kind: 'learn' })).toBe(10);
  expect(project.database.pragma('foreign_key_check')).toEqual([]);
  expect(project.database.pragma('integrity_check', { simple: true })).toBe('ok');
  closeProject(project);
  expect(readdirSync(dirname(path)).sort()).toEqual(['old.congeal', `old.congeal.backup-v${schema}`]);
});

test('0003 to 0005 refuse rows that mean nothing', () => {
  const database = new Database(':memory:');
  database.pragma('foreign_keys = ON');
  migrate(database);
  database.exec(`INSERT INTO image (id, path, bytes, status, failure_code) VALUES (1, 'a.jpg', 1, 'failed', 'x')`);
  const run = `INSERT INTO run (kind, options, seed, status, stage, versions, started_at)`;
  database.exec(`${run} VALUES ('learn', '{}', 1, 'queued', '', '{}', 0)`);
  const note = `INSERT INTO annotation (image_id, run_id, kind, geometry, origin, changed_at)`;
  const refused = [
    `${run} VALUES ('learn', '{}', 1, 'asleep', '', '{}', 0)`,
    `INSERT INTO tag (name) VALUES ('')`,
    `INSERT INTO image_tag VALUES (1, 5)`,
    `INSERT INTO correction (run_id, image_id, decision, changed_at) VALUES (1, 1, 'perhaps', 0)`,
    `INSERT INTO correction (run_id, image_id, matrix, changed_at) VALUES (1, 1, '[1, 2]', 0)`,
    `${note} VALUES (1, 1, 'point', '{}', 'drawn', 0)`,
    `${note} VALUES (NULL, NULL, 'point', '{}', 'drawn', 0)`,
    `${note} VALUES (1, NULL, 'circle', '{}', 'drawn', 0)`,
    `INSERT INTO setting VALUES ('a', 'not JSON')`,
    `INSERT INTO edit_step (edit_id, table_name) VALUES (1, 'tag')`,
    `INSERT INTO strike VALUES ('a', 0, '', 0)`,
  ];
  for (const sql of refused) expect(() => database.exec(sql), sql).toThrow(/constraint|datatype/i);
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
