import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { applicationId } from '../../core/store/application-id.ts';
import { migrate } from '../../core/store/migrations/migrate.ts';
import { startRun, type NewRun } from '../../core/store/runs.ts';
import type { Project } from '../../core/store/database.ts';
import type { RunId } from '../../core/store/ids.ts';
import { saveImages, type ReadyImage } from '../../core/store/images.ts';
import { closeProject, openProject } from '../../core/store/project-file.ts';

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

/** Makes a project with some images and closes it. */
export function makeProject(path: string, count = 1): void {
  const project = openProject(path, { create: true });
  saveImages(
    project,
    Array.from({ length: count }, (_, index) => sampleImage(project, `${index}.jpg`, 'a')),
  );
  closeProject(project);
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
  makeOldSchema(path, 1);
}

/** Makes a project file of schema 1 or 2 with every table filled: two images, run 7 with all that a run leaves. */
export function makeOldSchema(path: string, schema: 1 | 2): void {
  const database = new Database(path);
  database.pragma(`application_id = ${applicationId}`);
  migrate(database, schema);
  database.exec(`
    INSERT INTO run (id, kind, options, seed, status, stage, versions, started_at)
      VALUES (7, 'align', '{}', 1, 'interrupted', 'train', '{}', 0), (9, 'export', '{}', 1, 'done', '', '{}', 0);
    DELETE FROM run WHERE id = 9;
    INSERT INTO image (id, path, sha256, bytes, stored_width, stored_height, orientation, width, height, format, status)
      VALUES (3, 'sub/Img10.jpg', '${'a'.repeat(64)}', 5, 40, 30, 6, 30, 40, 'jpeg', 'ready');
    INSERT INTO image (id, path, bytes, status, failure_code, failure_reason)
      VALUES (4, 'b.jpg', 1, 'failed', 'truncated', 'ends early');
    INSERT INTO transform (run_id, image_id, family, mirrored, status) VALUES (7, 3, 'similarity', 0, 'failed');
    INSERT INTO score VALUES (7, 3, 'similarity', 0.25);
    INSERT INTO model (run_id, name, sha256, path) VALUES (7, 'encoder', '${'b'.repeat(64)}', 'encoder.onnx');
  `);
  const columns = schema === 1 ? 'run_id, sequence, stage, state' : 'run_id, sequence, stage, state, sha256';
  const sum = schema === 1 ? '' : `, '${createHash('sha256').update(oldState).digest('hex')}'`;
  database.prepare(`INSERT INTO checkpoint (${columns}) VALUES (7, 3, 'train', ?${sum})`).run(oldState);
  database.close();
}
