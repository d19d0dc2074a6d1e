import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  addAnnotation,
  annotationsOfImages,
  annotationsOfRun,
  changeAnnotation,
  findAnnotation,
  pageAnnotations,
  removeAnnotations,
  removePropagatedFrom,
  type NewAnnotation,
} from '../../../core/store/annotations.ts';
import {
  correctionsOfImages,
  decideImages,
  listCorrections,
  resetCorrections,
} from '../../../core/store/corrections.ts';
import { preparedSql, type Project } from '../../../core/store/database.ts';
import { listEdits, recordEdit, redo, undo } from '../../../core/store/edits.ts';
import { listExports, saveExport, type StoredExport } from '../../../core/store/exports.ts';
import { removeImages, restoreImages } from '../../../core/store/image-membership.ts';
import { findImage, saveImages } from '../../../core/store/images.ts';
import {
  addLandmarkSchema,
  changeLandmarkSchema,
  listLandmarkSchemas,
  removeLandmarkSchema,
} from '../../../core/store/landmark-schemas.ts';
import { addModel, findModel, listAllModels, loadModel, removeModel } from '../../../core/store/models.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { listFrames, loadFrame, removeFramesBetween, replaceFrame, saveFrame } from '../../../core/store/run-frames.ts';
import { countLosses, listLosses, removeLossesAfter, saveLosses } from '../../../core/store/run-losses.ts';
import {
  endRun,
  findRun,
  listRuns,
  queueRun,
  removeRun,
  setRunProgress,
  setRunStatus,
} from '../../../core/store/runs.ts';
import { listSettings, saveSetting } from '../../../core/store/settings.ts';
import { addStrike, listStrikes, removeStrikes } from '../../../core/store/strikes.ts';
import {
  addTag,
  changeTag,
  findTag,
  removeTag,
  tagImages,
  tagsOfImages,
  untagImages,
} from '../../../core/store/tags.ts';
import { sampleImage, sampleRun } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function newProject(): Project {
  return openProject(join(temporaryFolder(), 'sample.congeal'), { create: true });
}

test('a run waits, begins, pauses, says how far it is, and goes with all that it left', () => {
  const project = newProject();
  const first = sampleRun(project);
  const facts = { kind: 'learn', options: {}, seed: 1, stage: '', versions: {}, startedAt: 5, parent: first } as const;
  const run = queueRun(project, facts);
  expect(findRun(project, run)).toMatchObject({ kind: 'learn', status: 'queued', parent: first, progress: null });
  for (const status of ['running', 'paused', 'interrupted', 'queued'] as const) {
    setRunStatus(project, run, status);
    expect(findRun(project, run)?.status).toBe(status);
  }
  setRunProgress(project, run, { done: 3, total: 4 });
  endRun(project, run, { status: 'done', finishedAt: 6, result: { written: ['a'] } });
  expect(findRun(project, run)).toMatchObject({ progress: { done: 3, total: 4 }, result: { written: ['a'] } });
  removeRun(project, first);
  expect(listRuns(project)).toMatchObject([{ id: run, parent: null }]);
  closeProject(project);
});

test('a film and a loss curve grow, are cut back to where a run goes on, and leave with it', () => {
  const project = newProject();
  const run = sampleRun(project);
  const other = sampleRun(project);
  for (const count of [1, 2, 3])
    expect(saveFrame(project, run, { stage: 'train', madeAt: count, picture: Buffer.from(`${count}`) })).toBe(count);
  expect(saveFrame(project, other, { stage: 'train', madeAt: 1, picture: Buffer.from('x') })).toBe(1);
  removeFramesBetween(project, run, 2, 9);
  expect(listFrames(project, run).map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(loadFrame(project, run, 2)).toEqual(Buffer.from('2'));
  expect(loadFrame(project, run, 3)).toBeUndefined();
  for (const text of ['a', 'b'])
    replaceFrame(project, other, { stage: 'picture mean', madeAt: 2, picture: Buffer.from(text) });
  expect(listFrames(project, other).map(({ stage }) => stage)).toEqual(['train', 'picture mean']);
  expect(loadFrame(project, other, 2)).toEqual(Buffer.from('b'));
  project.database.exec(`UPDATE run_frame SET picture = x'00'`);
  expect(loadFrame(project, run, 2)).toBeUndefined();
  const points = [0.5, 1 / 3, 1e-300].map((loss, step) => ({ stage: 'train', step, loss }));
  expect(saveLosses(project, run, points)).toBe(3);
  expect(saveLosses(project, run, points)).toBe(6);
  expect(listLosses(project, run, 3)).toEqual(points);
  removeLossesAfter(project, run, 1);
  expect(countLosses(project, run)).toBe(1);
  removeRun(project, run);
  expect(listLosses(project, run)).toEqual([]);
  expect(listFrames(project, run)).toEqual([]);
  closeProject(project);
});

test('models that a person imported stand beside those of runs; one whose bytes changed is not given out', () => {
  const project = newProject();
  const facts = { inputs: ['image'] };
  const own = addModel(project, { name: 'encoder', bytes: Buffer.from('onnx'), facts, addedAt: 5 });
  const path = join(project.path, '..', 'far.onnx');
  const used = addModel(project, { name: 'encoder', path, sha256: 'c'.repeat(64), addedAt: 6 });
  expect(findModel(project, own)).toMatchObject({ run: null, name: 'encoder', size: 4, path: null, facts, addedAt: 5 });
  expect(listAllModels(project).map((model) => model.path)).toEqual([null, path]);
  expect(loadModel(project, own)).toEqual(Buffer.from('onnx'));
  expect(loadModel(project, used)).toBeUndefined();
  project.database.exec(`UPDATE model SET bytes = x'00' WHERE bytes IS NOT NULL`);
  expect(loadModel(project, own)).toBeUndefined();
  expect([removeModel(project, own), removeModel(project, own)]).toEqual([true, false]);
  closeProject(project);
});

test('exports, strikes and settings come back as they were saved', () => {
  const project = newProject();
  const [source, run] = [sampleRun(project), sampleRun(project, { kind: 'export' })];
  const folder = join(project.path, '..', 'out');
  const written: StoredExport = { run, source, format: 'coco', folder, images: 3, bytes: 9, manifestSha256: null };
  saveExport(project, { ...written, images: 1 });
  saveExport(project, written);
  expect(listExports(project)).toEqual([written]);
  const bad = join(project.path, '..', 'bad.jpg');
  expect([addStrike(project, bad, 'SIGSEGV', 1), addStrike(project, bad, 'SIGKILL', 2)]).toEqual([1, 2]);
  expect(listStrikes(project)).toEqual([{ path: bad, count: 2, reason: 'SIGKILL', lastAt: 2 }]);
  removeStrikes(project, bad);
  expect(listStrikes(project)).toEqual([]);
  recordEdit(project, 'set', (editing) => saveSetting(editing, 'size', { width: 3 }));
  expect(listSettings(project)).toEqual(new Map([['size', { width: 3 }]]));
  closeProject(project);
});

test('annotations lie on images and canonical frames; what was propagated goes until it is touched', () => {
  const project = newProject();
  const [image] = saveImages(project, [sampleImage(project, 'a.jpg', 'a')]);
  const run = sampleRun(project);
  const box = { kind: 'box', xmin: 1 / 3, ymin: 0, xmax: 5, ymax: 1e-7 } as const;
  const polygon = { kind: 'polygon', points: [{ x: 0, y: 0.1 }, { x: 1, y: 2 }, { x: 3, y: 0 }] } as const; // prettier-ignore
  const facts = { label: 'wing', landmark: null, source: null, changedAt: 3 } as const;
  const onFrame: NewAnnotation = { ...facts, on: { canonicalFrameOf: run }, shape: box, origin: 'drawn' };
  const [source, first, second] = recordEdit(project, 'draw', (editing) => {
    const from = addAnnotation(editing, onFrame);
    const propagated = { ...facts, on: { image }, shape: polygon, origin: 'propagated', source: from } as const;
    return [from, addAnnotation(editing, propagated), addAnnotation(editing, propagated)];
  });
  expect(annotationsOfRun(project, run)).toEqual([{ ...onFrame, id: source }]);
  const touched = { ...facts, id: second, on: { image }, shape: polygon, origin: 'drawn', source } as const;
  recordEdit(project, 'touch', (editing) => {
    expect(changeAnnotation(editing, touched)).toBe(true);
    expect(removePropagatedFrom(editing, [source])).toBe(1);
  });
  expect(findAnnotation(project, first)).toBeUndefined();
  expect(annotationsOfImages(project, [image])).toEqual([touched]);
  recordEdit(project, 'erase', (editing) => removeAnnotations(editing, [source]));
  expect(pageAnnotations(project, 0, 5)).toEqual([{ ...touched, source: null }]);
  undo(project);
  expect(pageAnnotations(project, source, 5)).toEqual([touched]);
  closeProject(project);
});

test('no query of an edit, a run or an image looks through a whole table', () => {
  const project = newProject();
  const run = sampleRun(project);
  const images = saveImages(project, [sampleImage(project, 'a.jpg', 'a'), sampleImage(project, 'b.jpg', 'b')]);
  const [image] = images;
  const schema = { name: 'face', landmarks: ['nose'], edges: [] } as const;
  recordEdit(project, 'everything', (editing) => {
    const tag = addTag(editing, 'a');
    tagImages(editing, tag, images);
    untagImages(editing, tag, [image]);
    changeTag(editing, { id: tag, name: 'b', colour: null });
    findTag(project, 'b');
    tagsOfImages(project, images);
    removeTag(editing, tag);
    decideImages(editing, run, images, 'rejected');
    correctionsOfImages(project, run, images);
    listCorrections(project, run);
    resetCorrections(editing, run, [image]);
    const id = addLandmarkSchema(editing, schema);
    expect(changeLandmarkSchema(editing, { ...schema, id, name: 'head' })).toBe(true);
    expect(listLandmarkSchemas(project)).toEqual([{ ...schema, id, name: 'head' }]);
    expect(removeLandmarkSchema(editing, id)).toBe(true);
    saveSetting(editing, 'a', 1);
    saveSetting(editing, 'a', undefined);
    expect(removeImages(editing, [image])).toBe(1);
    expect(restoreImages(editing, images)).toBe(1);
    annotationsOfImages(project, images);
    annotationsOfRun(project, run);
    removePropagatedFrom(editing, []);
    removeAnnotations(editing, []);
    pageAnnotations(project, 0, 1);
  });
  undo(project);
  redo(project);
  listEdits(project, 3);
  findImage(project, image);
  saveFrame(project, run, { stage: '', madeAt: 0, picture: Buffer.alloc(1) });
  listFrames(project, run);
  loadFrame(project, run, 1);
  saveLosses(project, run, [{ stage: '', step: 0, loss: 1 }]);
  listLosses(project, run);
  // Small by nature: one row, a page, or all that there is of them.
  const whole = /edit_state|FROM (tag|landmark_schema|setting|export|strike) (ORDER|WHERE removed)|LIMIT/;
  const statements = preparedSql(project).filter(
    (sql) => !whole.test(sql) && !/^INSERT.*(VALUES|WHERE true$)/s.test(sql),
  );
  expect(statements.length).toBeGreaterThan(25);
  for (const sql of statements) {
    const filled = sql.replace(/[?]|@\w+/g, 'NULL');
    const steps = project.database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${filled}`).all();
    const plan = steps.map((step) => step.detail).join('; ');
    expect(plan, sql).not.toMatch(/SCAN (?!json_each|given|image_search|CONSTANT)/);
  }
  closeProject(project);
});
