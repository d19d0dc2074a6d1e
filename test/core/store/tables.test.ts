import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCheckpoint, removeCheckpoints, saveCheckpoint } from '../../../core/store/checkpoints.ts';
import { preparedSql, type Project } from '../../../core/store/database.ts';
import { findImage, listImages, saveImages, type FailedImage } from '../../../core/store/images.ts';
import { listModels } from '../../../core/store/models.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { completeRun } from '../../../core/store/run-result.ts';
import {
  endRun,
  findResumableRun,
  findRun,
  interruptAbandonedRuns,
  listRuns,
  restartRun,
  setRunStage,
} from '../../../core/store/runs.ts';
import { listScores, saveScores } from '../../../core/store/scores.ts';
import { listTransforms, type StoredTransform } from '../../../core/store/transforms.ts';
import { sampleImage, sampleRun } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function newProject(): Project {
  return openProject(join(temporaryFolder(), 'sample.congeal'), { create: true });
}

test('images come back as they were saved, by path', () => {
  const project = newProject();
  const failed: FailedImage = {
    path: join(dirname(project.path), 'a "broken"\n🦝.jpg'),
    bytes: 3,
    status: 'failed',
    sha256: null,
    failureCode: 'truncated',
    failureReason: 'ends after 3 bytes',
    addedAt: 5,
  };
  const facts = { addedAt: 6, modifiedAt: null, takenAt: 4, perceptualHash: '0123456789abcdef' };
  const image = { ...sampleImage(project, join('sub', 'b.jpg'), 'b'), ...facts };
  const [first, second] = saveImages(project, [image, failed]);
  const unknown = { modifiedAt: null, takenAt: null, perceptualHash: null, duplicateGroup: null, burstGroup: null };
  expect(listImages(project)).toEqual([
    { ...unknown, ...failed, id: second, name: 'a "broken"\n🦝.jpg', addedAt: 5 },
    { ...unknown, ...image, id: first, name: 'b.jpg', takenAt: 4, perceptualHash: '0123456789abcdef' },
  ]);
  expect(findImage(project, first)).toEqual(listImages(project)[1]);
  closeProject(project);
});

test('a project that moves with its images still finds them', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'before'));
  const project = openProject(join(folder, 'before', 'p.congeal'), { create: true });
  saveImages(project, [sampleImage(project, 'a.jpg', 'a')]);
  closeProject(project);
  renameSync(join(folder, 'before'), join(folder, 'after'));
  const moved = openProject(join(folder, 'after', 'p.congeal'), { readOnly: true });
  expect(listImages(moved)[0].path).toBe(join(folder, 'after', 'a.jpg'));
  closeProject(moved);
});

test('the same bytes keep their id when scanned again or moved; other bytes are another image', () => {
  const project = newProject();
  const a = sampleImage(project, 'a.jpg', 'a');
  const b = sampleImage(project, 'b.jpg', 'b');
  const [idA, idB] = saveImages(project, [a, b]);
  expect(saveImages(project, [a, b])).toEqual([idA, idB]);
  const moved = sampleImage(project, 'new/a.jpg', 'a');
  expect(saveImages(project, [moved, b])).toEqual([idA, idB]);
  const twin = sampleImage(project, 'twin.jpg', 'b');
  const [, , idTwin] = saveImages(project, [moved, b, twin]);
  expect(idTwin).not.toBe(idB);
  const run = sampleRun(project);
  saveScores(project, run, [{ image: idB, name: 'similarity', value: 1 }]);
  const changed = sampleImage(project, 'b.jpg', 'c');
  const [, idChanged] = saveImages(project, [moved, changed]);
  expect(idChanged).not.toBe(idB);
  expect(listScores(project, run)).toEqual([]);
  closeProject(project);
});

test('files that swap their names keep their ids', () => {
  const project = newProject();
  const names = ['a.jpg', 'b.jpg', 'c.jpg'];
  const scan = (digits: string): readonly number[] =>
    saveImages(
      project,
      names.map((name, index) => sampleImage(project, name, digits[index])),
    );
  const [a, b, c] = scan('abc');
  expect(scan('bca')).toEqual([b, c, a]);
  expect(listImages(project).map((image) => image.id)).toEqual([b, c, a]);
  closeProject(project);
});

test('a file that cannot be read for a while keeps its id and its results', () => {
  const project = newProject();
  const image = sampleImage(project, 'a.jpg', 'a');
  const [id] = saveImages(project, [image]);
  const run = sampleRun(project);
  saveScores(project, run, [{ image: id, name: 'similarity', value: 1 }]);
  const failed: FailedImage = {
    path: image.path,
    bytes: 0,
    status: 'failed',
    sha256: null,
    failureCode: 'unreadable',
    failureReason: 'no permission',
  };
  expect(saveImages(project, [failed])).toEqual([id]);
  expect(saveImages(project, [image])).toEqual([id]);
  expect(listScores(project, run)).toHaveLength(1);
  closeProject(project);
});

test('a file that could not be read keeps its row when it can be', () => {
  const project = newProject();
  const image = sampleImage(project, 'a.jpg', 'a');
  const failed: FailedImage = {
    path: image.path,
    bytes: 0,
    status: 'failed',
    sha256: null,
    failureCode: 'unreadable',
    failureReason: 'no permission',
  };
  const before = saveImages(project, [failed]);
  expect(saveImages(project, [image])).toEqual(before);
  expect(listImages(project)).toMatchObject([{ ...image, id: before[0] }]);
  closeProject(project);
});

test('a run goes from running through interrupted to its end', () => {
  const project = newProject();
  const run = sampleRun(project);
  setRunStage(project, run, 'train');
  expect(findRun(project, run)).toEqual({
    id: run,
    kind: 'align',
    options: { family: 'similarity', size: 128 },
    seed: 1,
    status: 'running',
    stage: 'train',
    versions: { congeal: '0.1.0', node: '24.0.0' },
    startedAt: 1700000000000,
    finishedAt: null,
    failure: null,
    parent: null,
    progress: null,
    result: null,
  });
  expect(findResumableRun(project, 'align')).toBeUndefined();
  expect(interruptAbandonedRuns(project)).toBe(1);
  expect(findResumableRun(project, 'find')).toBeUndefined();
  expect(findResumableRun(project, 'align')?.id).toBe(run);
  restartRun(project, run);
  const failure = { code: 'diverged', reason: 'the loss was not a number' };
  endRun(project, run, { status: 'failed', finishedAt: 1700000001000, failure });
  expect(listRuns(project)).toMatchObject([{ status: 'failed', finishedAt: 1700000001000, failure }]);
  closeProject(project);
});

test('the last two checkpoints are kept and a damaged one is passed over', () => {
  const project = newProject();
  const run = sampleRun(project);
  expect(loadCheckpoint(project, run)).toBeUndefined();
  for (const text of ['one', 'two', 'three']) saveCheckpoint(project, run, text, Buffer.from(text));
  expect(project.database.prepare('SELECT sequence FROM checkpoint ORDER BY sequence').pluck().all()).toEqual([2, 3]);
  expect(findRun(project, run)?.stage).toBe('three');
  expect(loadCheckpoint(project, run)).toEqual({ sequence: 3, stage: 'three', state: Buffer.from('three') });
  project.database.exec(`UPDATE checkpoint SET state = x'00' WHERE sequence = 3`);
  expect(loadCheckpoint(project, run)).toEqual({ sequence: 2, stage: 'two', state: Buffer.from('two') });
  project.database.exec(`UPDATE checkpoint SET state = x'00'`);
  expect(loadCheckpoint(project, run)).toBeUndefined();
  removeCheckpoints(project, run);
  expect(saveCheckpoint(project, run, 'again', Buffer.from('again'))).toBe(1);
  closeProject(project);
});

test('completing a run records its results bit for bit and forgets its checkpoints', () => {
  const project = newProject();
  const run = sampleRun(project);
  const [first, second] = saveImages(project, [sampleImage(project, 'a.jpg', 'a'), sampleImage(project, 'b.jpg', 'b')]);
  saveCheckpoint(project, run, 'train', Buffer.from('state'));
  const transforms: StoredTransform[] = [
    {
      image: first,
      family: 'similarity',
      canonicalToImage: [0.1 + 0.2, -1e-17, 12.5, Number.MIN_VALUE, 1 / 3, 7, 0, 0, 1],
      mirrored: true,
      status: 'aligned',
      box: { xmin: 0.5, ymin: 1, xmax: 20.25, ymax: 30 },
    },
    { image: second, family: 'similarity', canonicalToImage: null, mirrored: false, status: 'failed', box: null },
  ];
  const scores = [{ image: first, name: 'similarity', value: 2 / 3 }];
  const path = join(dirname(project.path), 'encoder.onnx');
  completeRun(project, run, {
    transforms,
    scores,
    models: [
      { name: 'aligner', bytes: Buffer.from('onnx') },
      { name: 'encoder', path, sha256: 'e'.repeat(64) },
    ],
    finishedAt: 1700000002000,
  });
  expect(listTransforms(project, run)).toEqual(transforms);
  expect(listScores(project, run)).toEqual(scores);
  expect(listModels(project, run)).toMatchObject([
    { name: 'aligner', bytes: Buffer.from('onnx'), path: null },
    { name: 'encoder', bytes: null, path, sha256: 'e'.repeat(64) },
  ]);
  expect(loadCheckpoint(project, run)).toBeUndefined();
  expect(findRun(project, run)?.status).toBe('done');
  closeProject(project);
});

test('a result that cannot be recorded changes nothing', () => {
  const project = newProject();
  const run = sampleRun(project);
  const [image] = saveImages(project, [sampleImage(project, 'a.jpg', 'a')]);
  saveScores(project, run, [{ image, name: 'similarity', value: 0.5 }]);
  saveCheckpoint(project, run, 'train', Buffer.from('state'));
  const scores = [{ image, name: 'similarity', value: NaN }];
  expect(() => completeRun(project, run, { transforms: [], scores, models: [], finishedAt: 1 })).toThrow('NOT NULL');
  expect(listScores(project, run)).toHaveLength(1);
  expect(loadCheckpoint(project, run)?.sequence).toBe(1);
  expect(findRun(project, run)?.status).toBe('running');
  closeProject(project);
});

test('a full disk is said to be one and changes nothing', () => {
  const project = newProject();
  const run = sampleRun(project);
  saveCheckpoint(project, run, 'train', Buffer.from('small'));
  const pages = project.database.pragma('page_count', { simple: true }) as number;
  project.database.pragma(`max_page_count = ${pages + 2}`);
  const save = (): unknown => saveCheckpoint(project, run, 'later', Buffer.alloc(1_000_000));
  expect(save).toThrow(expect.objectContaining({ code: 'disk-full' }));
  expect(loadCheckpoint(project, run)?.sequence).toBe(1);
  expect(findRun(project, run)?.stage).toBe('train');
  closeProject(project);
});

test('no query of a run or an image looks through a whole table', () => {
  const project = newProject();
  const run = sampleRun(project);
  const [image] = saveImages(project, [sampleImage(project, 'a.jpg', 'a')]);
  saveImages(project, [sampleImage(project, 'a.jpg', 'b')]);
  saveCheckpoint(project, run, 'train', Buffer.from('state'));
  interruptAbandonedRuns(project);
  findResumableRun(project, 'align');
  restartRun(project, run);
  completeRun(project, run, { transforms: [], scores: [], models: [], finishedAt: 1 });
  loadCheckpoint(project, run);
  listTransforms(project, run);
  listScores(project, run);
  listModels(project, run);
  expect(image).toBeGreaterThan(0);
  const statements = preparedSql(project).filter((sql) => !sql.startsWith('INSERT'));
  expect(statements.length).toBeGreaterThan(15);
  for (const sql of statements) {
    const filled = sql.replace(/[?]|@\w+/g, 'NULL');
    const steps = project.database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${filled}`).all();
    const plan = steps.map((step) => step.detail).join('; ');
    expect(plan, sql).toMatch(/SEARCH|image_search VIRTUAL TABLE INDEX 0:=/);
    expect(plan, sql).not.toMatch(/SCAN (?!json_each|image_search)|TEMP B-TREE FOR ORDER/);
  }
  closeProject(project);
});
