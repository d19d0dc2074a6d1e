import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { annotationsOfImages } from '../../../core/store/annotations.ts';
import { nameBackups } from '../../../core/store/backup.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../core/store/checkpoints.ts';
import { recordEdit, undo } from '../../../core/store/edits.ts';
import type { RunId } from '../../../core/store/ids.ts';
import { pageImages } from '../../../core/store/image-pages.ts';
import { listImages, saveImages } from '../../../core/store/images.ts';
import { addModel, listAllModels, loadModel } from '../../../core/store/models.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { restoreBackup, setAsideDamaged } from '../../../core/store/rescue.ts';
import { listFrames, loadFrame, saveFrame } from '../../../core/store/run-frames.ts';
import { listRuns } from '../../../core/store/runs.ts';
import { listScores } from '../../../core/store/scores.ts';
import { saveSnapshot } from '../../../core/store/snapshot.ts';
import { addTag, listTags } from '../../../core/store/tags.ts';
import { listTransforms } from '../../../core/store/transforms.ts';
import { codeOf } from '../../support/code-of.ts';
import { fillCollection } from '../../support/image-collections.ts';
import { makeFirstSchema, oldState, sampleImage, sampleRun } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('a damaged project is set aside on request, and a backup put in its place', () => {
  const path = join(temporaryFolder(), 'work.congeal');
  makeFirstSchema(path);
  closeProject(openProject(path));
  const damaged = readFileSync(path).fill(0xa5, 4096);
  writeFileSync(path, damaged);
  expect(codeOf(() => openProject(path))).toBe('project-invalid');
  const [backup] = nameBackups(path);
  const { setAside } = restoreBackup(path, backup);
  expect(readFileSync(setAside)).toEqual(damaged);
  const project = openProject(path);
  expect(loadCheckpoint(project, 7 as RunId)?.state).toEqual(oldState);
  expect(codeOf(() => setAsideDamaged(path))).toBe('project-locked');
  closeProject(project);
  const second = setAsideDamaged(path);
  expect([setAside, second].map((each) => each.slice(dirname(path).length + 1))).toEqual([
    'work.corrupt-1.congeal',
    'work.corrupt-2.congeal',
  ]);
  expect(existsSync(path)).toBe(false);
  expect(codeOf(() => setAsideDamaged(path))).toBe('input-missing');
  expect(existsSync(backup)).toBe(true);
});

test('only a backup of the project is put in its place', () => {
  const path = join(temporaryFolder(), 'work.congeal');
  makeFirstSchema(path);
  const other = join(temporaryFolder(), 'other.congeal');
  copyFileSync(path, other);
  writeFileSync(`${path}.backup-v1`, 'nothing');
  expect(codeOf(() => restoreBackup(path, other))).toBe('input-missing');
  expect(codeOf(() => restoreBackup(path, `${path}.backup-v1`))).toBe('project-invalid');
  expect(codeOf(() => closeProject(openProject(path, { readOnly: true })))).toBe('no error');
});

test('a snapshot holds everything, finds the images from where it stands, and never replaces a file', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
  const project = openProject(join(folder, 'work.congeal'), { create: true });
  saveImages(project, [sampleImage(project, 'sub/a.jpg', 'a')]);
  sampleRun(project, { options: { folder: 'sub', size: 1 } });
  recordEdit(project, 'tag', (editing) => addTag(editing, 'one'));
  const target = join(folder, 'deep', 'er', 'copy.congeal');
  saveSnapshot(project, target);
  saveImages(project, [sampleImage(project, 'b.jpg', 'b')]);
  const copy = openProject(target);
  expect(listImages(copy).map((image) => image.path)).toEqual([join(folder, 'sub', 'a.jpg')]);
  expect(listRuns(copy)[0].options).toEqual({ folder: '../../sub', size: 1 });
  undo(copy);
  expect(listTags(copy)).toEqual([]);
  closeProject(copy);
  expect(codeOf(() => saveSnapshot(project, target))).toBe('output-not-empty');
  expect(codeOf(() => saveSnapshot(project, join(folder, 'none', 'copy.congeal')))).toBe('output-unwritable');
  const reader = openProject(project.path, { readOnly: true });
  saveSnapshot(reader, join(folder, 'second.congeal'));
  closeProject(reader);
  closeProject(project);
  expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['copy.congeal']);
  const second = openProject(join(folder, 'second.congeal'));
  expect(listImages(second)).toHaveLength(2);
  closeProject(second);
});

test('a project file with bytes changed anywhere opens with its blobs right or is refused, and nothing crashes', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'whole.congeal');
  const project = openProject(path, { create: true });
  const random = createRandom(21);
  const { run, images } = fillCollection(project, 300, random);
  const blob = Buffer.from(Array.from({ length: 30_000 }, () => random.integer(256)));
  saveCheckpoint(project, run, 'train', blob);
  saveFrame(project, run, { stage: 'train', madeAt: 1, picture: blob });
  addModel(project, { name: 'encoder', bytes: blob, addedAt: 1 });
  closeProject(project);
  const whole = readFileSync(path);
  let opened = 0;
  let refused = 0;
  for (let count = 0; count < 150; count++) {
    const bytes = Buffer.from(whole);
    for (let flips = 1 + random.integer(4); flips > 0; flips--) {
      const at = random.uniform() < 0.2 ? random.integer(4096) : random.integer(bytes.length);
      bytes[at] ^= 1 << random.integer(8);
    }
    const mutant = join(folder, `${count}.congeal`);
    writeFileSync(mutant, bytes);
    const outcome = codeOf(() => {
      const changed = openProject(mutant);
      try {
        const checkpoint = loadCheckpoint(changed, run);
        if (checkpoint !== undefined) expect(blob.equals(checkpoint.state)).toBe(true);
        for (const { sequence } of listFrames(changed, run)) {
          const picture = loadFrame(changed, run, sequence);
          if (picture !== undefined) expect(blob.equals(picture)).toBe(true);
        }
        for (const { id } of listAllModels(changed)) {
          const model = loadModel(changed, id);
          if (model !== undefined) expect(blob.equals(model)).toBe(true);
        }
        pageImages(changed, { filter: { text: 'beetle' }, sort: { by: 'name' }, limit: 100 });
        listTransforms(changed, run);
        listScores(changed, run);
        annotationsOfImages(changed, images);
        undo(changed);
      } finally {
        closeProject(changed);
      }
    });
    if (outcome === 'no error') opened += 1;
    else refused += 1;
    expect(['no error', 'project-invalid', 'project-newer', 'output-unwritable', 'disk-full']).toContain(outcome);
  }
  expect(opened).toBeGreaterThan(10);
  expect(refused).toBeGreaterThan(10);
});

test('of many backups the latest is the one of the highest schema and number', () => {
  const path = join(temporaryFolder(), 'many.congeal');
  const suffixes = ['v1', 'v1-2', 'v1-9', 'v1-10', 'v1-11', 'v2', 'v2-2', 'v9', 'v10', 'v10-2'];
  for (const suffix of [...suffixes, 'v11.partial']) writeFileSync(`${path}.backup-${suffix}`, '');
  expect(nameBackups(path)).toEqual(suffixes.map((suffix) => `${path}.backup-${suffix}`));
});
