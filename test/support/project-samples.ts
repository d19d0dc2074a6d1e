import Database from 'better-sqlite3';
import { dirname, join } from 'node:path';
import { applicationId } from '../../core/store/application-id.ts';
import { migrate } from '../../core/store/migrations/migrate.ts';
import { startRun, type NewRun } from '../../core/store/runs.ts';
import type { Project } from '../../core/store/database.ts';
import type { RunId } from '../../core/store/ids.ts';
import type { ReadyImage } from '../../core/store/images.ts';

/** A readable image beside the project, told apart by its name and one hexadecimal digit of its hash. */
export function sampleImage(project: { readonly path: string }, name: string, digit: string): ReadyImage {
  return {
    path: join(dirname(project.path), name),
    bytes: 1000,
    status: 'ready',
    sha256: digit.repeat(64),
    storedWidth: 40,
    storedHeight: 30,
    orientation: 6,
    width: 30,
    height: 40,
    format: 'jpeg',
  };
}

/** A run that has just begun. */
export function sampleRun(project: Project, changes: Partial<NewRun> = {}): RunId {
  const versions = { congeal: '0.1.0', node: '24.0.0' };
  return startRun(project, {
    kind: 'align',
    options: { family: 'similarity', size: 128 },
    seed: 1,
    stage: 'describe',
    versions,
    startedAt: 1700000000000,
    ...changes,
  });
}

/** What `makeFirstSchema` saves as checkpoint 3 of run 7. */
export const oldState = Buffer.from('a learner half way');

/** Makes a project file of schema 1 with one run and one checkpoint. */
export function makeFirstSchema(path: string): void {
  const database = new Database(path);
  database.pragma(`application_id = ${applicationId}`);
  migrate(database, 1);
  database.exec(`INSERT INTO run (id, kind, options, seed, status, stage, versions, started_at)
    VALUES (7, 'align', '{}', 1, 'interrupted', 'train', '{}', 0)`);
  database
    .prepare('INSERT INTO checkpoint (run_id, sequence, stage, state) VALUES (7, 3, ?, ?)')
    .run('train', oldState);
  database.close();
}
