import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { nameBackups } from '../../../core/store/backup.ts';
import { loadCheckpoint } from '../../../core/store/checkpoints.ts';
import type { RunId } from '../../../core/store/ids.ts';
import { listEdits, undo } from '../../../core/store/edits.ts';
import { listImages } from '../../../core/store/images.ts';
import { currentSchema, schemaOf } from '../../../core/store/migrations/migrate.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { listRuns } from '../../../core/store/runs.ts';
import { listScores } from '../../../core/store/scores.ts';
import { listTags } from '../../../core/store/tags.ts';
import { makeFirstSchema, oldState } from '../../support/project-samples.ts';
import { editForever, makeForever, stateOf, writeForever, writtenImages } from '../../support/project-writer.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const kills = 25;
const writer = pathToFileURL(join(import.meta.dirname, '../../support/project-writer.ts')).href;

/**
 * Calls a function of the writer in a child process, lets it say `acknowledgements` numbers, kills it `delay` ms later
 * and gives the last number that it said.
 */
function runAndKill(
  work: (...paths: [string, string]) => void,
  paths: readonly string[],
  acknowledgements: number,
  delay: number,
): Promise<number> {
  const script = `import { ${work.name} as work } from '${writer}'; work(...process.argv.slice(1));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...paths], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let doomed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (doomed || output.split('\n').length <= acknowledgements) return;
    doomed = true;
    setTimeout(() => child.kill('SIGKILL'), delay);
  });
  return new Promise((resolve, reject) => {
    child.once('close', (_, signal) => {
      if (signal === 'SIGKILL') resolve(Number(output.split('\n').at(-2)));
      else reject(new Error('the writer ended by itself'));
    });
  });
}

test(`what was acknowledged is there after each of ${kills} kills, and nothing is half done`, async () => {
  const path = join(temporaryFolder(), 'killed.congeal');
  const random = createRandom(11);
  for (let kill = 0; kill < kills; kill++) {
    const acknowledged = await runAndKill(writeForever, [path], 1 + random.integer(12), random.integer(8));
    const project = openProject(path);
    const runs = listRuns(project);
    expect(runs).toHaveLength(1);
    const checkpoint = loadCheckpoint(project, runs[0].id);
    const sequence = checkpoint?.sequence ?? 0;
    expect(sequence).toBeGreaterThanOrEqual(acknowledged);
    expect(Buffer.compare(checkpoint?.state ?? Buffer.alloc(0), stateOf(sequence))).toBe(0);
    expect(listImages(project)).toHaveLength(writtenImages);
    const scores = listScores(project, runs[0].id);
    expect(scores).toHaveLength(writtenImages);
    const values = new Set(scores.map((score) => score.value));
    expect(values.size).toBe(1);
    expect([...values][0]).toBeGreaterThanOrEqual(acknowledged);
    closeProject(project);
  }
});

test(`edits that were acknowledged are there after each of ${kills} kills, and can be undone to the first`, async () => {
  const path = join(temporaryFolder(), 'edited.congeal');
  const random = createRandom(13);
  for (let kill = 0; kill < kills; kill++) {
    const acknowledged = await runAndKill(editForever, [path], 1 + random.integer(8), random.integer(6));
    const project = openProject(path);
    const tags = listTags(project);
    // One more may have been recorded, or undone and not yet done again.
    expect(tags.length).toBeGreaterThanOrEqual(acknowledged);
    for (const tag of tags) expect(tag.images).toBe(writtenImages);
    expect(listEdits(project, 1e6).filter((edit) => !edit.undone)).toHaveLength(tags.length);
    closeProject(project);
  }
  const project = openProject(path);
  while (undo(project) !== undefined);
  expect(listTags(project)).toEqual([]);
  closeProject(project);
});

function schemaOfFile(path: string): number {
  const database = new Database(path);
  try {
    return schemaOf(database);
  } finally {
    database.close();
  }
}

test('a project that is being made or brought up to date is whole after a kill, or not there', async () => {
  const random = createRandom(12);
  const old = join(temporaryFolder(), 'old.congeal');
  makeFirstSchema(old);
  for (let kill = 0; kill < 10; kill++) {
    const folder = temporaryFolder();
    const acknowledged = await runAndKill(makeForever, [folder, old], 1 + random.integer(4), random.integer(60));
    const projects = readdirSync(folder).filter((name) => name.endsWith('.congeal'));
    expect(projects.length).toBeGreaterThanOrEqual(2 * acknowledged);
    for (const name of projects) {
      const isOld = name.startsWith('old');
      // What was brought up to date had been copied before.
      const isMigrated = isOld && schemaOfFile(join(folder, name)) === currentSchema;
      if (isMigrated) expect(nameBackups(join(folder, name)).length).toBeGreaterThan(0);
      const project = openProject(join(folder, name));
      expect(loadCheckpoint(project, 7 as RunId)?.state).toEqual(isOld ? oldState : undefined);
      closeProject(project);
      if (isOld) expect(nameBackups(join(folder, name)).length).toBeGreaterThan(0);
    }
    expect(readdirSync(folder).filter((name) => /\.lock$|\.new-/.test(name))).toEqual([]);
    for (const name of readdirSync(folder).filter((each) => /backup-v1(-[0-9]+)?$/.test(each))) {
      const backup = openProject(join(folder, name), { readOnly: true });
      expect(loadCheckpoint(backup, 7 as RunId)?.state).toEqual(oldState);
      closeProject(backup);
    }
  }
});
