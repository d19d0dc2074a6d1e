import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addAnnotation, annotationsOfImages, removeAnnotations } from '../../../core/store/annotations.ts';
import { decideImages, listCorrections, saveCorrection } from '../../../core/store/corrections.ts';
import type { Project } from '../../../core/store/database.ts';
import { editableTables, uneditableTables } from '../../../core/store/editable-tables.ts';
import { listEdits, recordEdit, redo, undo } from '../../../core/store/edits.ts';
import type { ImageId } from '../../../core/store/ids.ts';
import { removeImages, restoreImages } from '../../../core/store/image-membership.ts';
import { listImages, saveImages } from '../../../core/store/images.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { removeRun } from '../../../core/store/runs.ts';
import { listSettings, saveSetting } from '../../../core/store/settings.ts';
import { addTag, changeTag, findTag, listTags, removeTag, tagImages, tagsOfImages } from '../../../core/store/tags.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { addLandmarkSchema, listLandmarkSchemas } from '../../../core/store/landmark-schemas.ts';
import { sampleImage, sampleRun } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function newProject(): Project {
  return openProject(join(temporaryFolder(), 'sample.congeal'), { create: true });
}

function withImages(project: Project, count: number): readonly ImageId[] {
  const names = Array.from({ length: count }, (_, index) => `${index}.jpg`);
  return saveImages(
    project,
    names.map((name, index) => sampleImage(project, name, (index % 16).toString(16))),
  );
}

/** Everything that edits can change, as text. */
function contents(project: Project): string {
  const tables = Object.entries(editableTables).map(([name, { key, columns }]) =>
    project.database.prepare(`SELECT ${[...key, ...columns].join(', ')} FROM ${name} ORDER BY ${key.join(', ')}`).all(),
  );
  return JSON.stringify(tables);
}

test('every table is either editable, with all of its columns, or named as one that is not', () => {
  const project = newProject();
  const all = project.database
    .prepare<[], string>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
      AND name NOT LIKE 'image_search_%' ORDER BY name`,
    )
    .pluck()
    .all();
  expect([...Object.keys(editableTables), ...uneditableTables].sort()).toEqual(all);
  for (const [name, { key, columns, operations }] of Object.entries(editableTables)) {
    const info = project.database.pragma(`table_info(${name})`) as { name: string; type: string; pk: number }[];
    const keys = info.filter((column) => column.pk > 0).map((column) => column.name);
    expect(keys.sort()).toEqual([...key].sort());
    // Real numbers and blobs do not survive JSON bit for bit.
    const recorded = info.filter((column) => [...key, ...columns].some((one) => one === column.name));
    expect(recorded.filter(({ type }) => !['INTEGER', 'TEXT'].includes(type))).toEqual([]);
    if (name !== 'image') {
      expect(info.map((column) => column.name).sort()).toEqual([...key, ...columns].sort());
      expect(operations).toEqual(['insert', 'update', 'delete']);
    }
  }
  closeProject(project);
});

test('a change outside an edit is refused, whichever table it is', () => {
  const project = newProject();
  const [image] = withImages(project, 1);
  const run = sampleRun(project);
  const statements = [
    `INSERT INTO tag (name) VALUES ('a')`,
    `INSERT INTO setting VALUES ('a', '1')`,
    `INSERT INTO landmark_schema (name, landmarks, edges) VALUES ('a', '[]', '[]')`,
    `INSERT INTO correction (run_id, image_id, changed_at) VALUES (${run}, ${image}, 0)`,
    `INSERT INTO annotation (image_id, kind, geometry, origin, changed_at) VALUES (${image}, 'point', '{}', 'drawn', 0)`,
    `UPDATE image SET removed_at = 1`,
  ];
  for (const sql of statements) expect(() => project.database.exec(sql), sql).toThrow('outside an edit');
  recordEdit(project, 'everything', () => {
    for (const sql of statements) project.database.exec(sql);
  });
  for (const table of ['tag', 'setting', 'landmark_schema', 'correction', 'annotation'])
    expect(() => project.database.exec(`DELETE FROM ${table}`), table).toThrow('outside an edit');
  removeRun(project, run);
  expect(listCorrections(project, run)).toEqual([]);
  closeProject(project);
});

test('undo and redo go through edits in order, also after opening again; a new edit drops what was undone', () => {
  const project = newProject();
  const images = withImages(project, 3);
  const run = sampleRun(project);
  const states = [contents(project)];
  const edit = (label: string, work: Parameters<typeof recordEdit>[2]): void => {
    recordEdit(project, label, work, 7);
    states.push(contents(project));
  };
  edit('tag', (editing) => tagImages(editing, addTag(editing, 'good', '#0f0'), images));
  edit('correct', (editing) => {
    const canonicalToImage = [0.1 + 0.2, -1e-17, 12.5, Number.MIN_VALUE, 1 / 3, 7, 0, 0, 1] as const;
    const box = { xmin: 1 / 7, ymin: 1, xmax: 2, ymax: 3 };
    const pins = [{ canonical: { x: 0.1, y: 0 }, image: { x: 3, y: 4 } }];
    const decision = 'accepted';
    saveCorrection(editing, run, { image: images[0], decision, canonicalToImage, mirrored: true, box, pins, changedAt: 7 }); // prettier-ignore
    decideImages(editing, run, images, 'rejected', 8);
  });
  expect(listCorrections(project, run)[0].canonicalToImage?.[0]).toBe(0.1 + 0.2);
  edit('rename and remove', (editing) => {
    const tag = findTag(project, 'good');
    if (tag === undefined) throw new Error('no tag');
    changeTag(editing, { ...tag, name: 'better' });
    removeTag(editing, tag.id);
    removeImages(editing, [images[1]]);
    saveSetting(editing, 'pose', { upright: true });
  });
  expect(listImages(project)).toHaveLength(2);
  expect(listTags(project)).toEqual([]);
  for (const step of [2, 1, 0]) {
    expect(undo(project)?.edit.undone).toBe(true);
    expect(contents(project)).toBe(states[step]);
  }
  expect(undo(project)).toBeUndefined();
  closeProject(project);
  const again = openProject(project.path);
  for (const step of [1, 2, 3]) {
    expect(redo(again)?.edit.undone).toBe(false);
    expect(contents(again)).toBe(states[step]);
  }
  expect(redo(again)).toBeUndefined();
  undo(again);
  expect(tagsOfImages(again, images).size).toBe(3);
  expect(listEdits(again, 10).map(({ label, undone }) => [label, undone])).toEqual([
    ['rename and remove', true],
    ['correct', false],
    ['tag', false],
  ]);
  recordEdit(again, 'nothing', () => undefined);
  expect(listEdits(again, 1)[0].label).toBe('rename and remove');
  recordEdit(again, 'other', (editing) => {
    addLandmarkSchema(editing, { name: 'face', landmarks: ['nose'], edges: [] });
  });
  expect(listEdits(again, 10).map(({ label }) => label)).toEqual(['other', 'correct', 'tag']);
  expect(listEdits(again, 10, listEdits(again, 1)[0].id).map(({ label }) => label)).toEqual(['correct', 'tag']);
  expect(redo(again)).toBeUndefined();
  expect(listLandmarkSchemas(again)).toHaveLength(1);
  closeProject(again);
});

test('an edit that fails leaves nothing, an edit inside an edit becomes part of it', () => {
  const project = newProject();
  const failing = (): void =>
    recordEdit(project, 'fails', (editing) => {
      addTag(editing, 'one');
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  expect(listTags(project)).toEqual([]);
  expect(() => project.database.exec(`INSERT INTO tag (name) VALUES ('a')`)).toThrow('outside an edit');
  recordEdit(project, 'outer', (editing) => {
    addTag(editing, 'one');
    recordEdit(project, 'inner', (inner) => addTag(inner, 'two'));
  });
  expect(listEdits(project, 10)).toHaveLength(1);
  undo(project);
  expect(listTags(project)).toEqual([]);
  closeProject(project);
});

test('what hung on an image or a run that has left stays away when edits are undone and redone', () => {
  const project = newProject();
  const [first, second] = withImages(project, 2);
  const run = sampleRun(project);
  const point = { kind: 'point', x: 1, y: 2 } as const;
  const facts = { shape: point, label: null, landmark: 'nose', origin: 'drawn', source: null, changedAt: 1 } as const;
  const drawn = recordEdit(project, 'draw', (editing) => {
    addAnnotation(editing, { ...facts, on: { canonicalFrameOf: run } });
    return [first, second].map((image) => addAnnotation(editing, { ...facts, on: { image } }));
  });
  recordEdit(project, 'erase', (editing) => removeAnnotations(editing, drawn));
  saveImages(project, [sampleImage(project, '0.jpg', 'f')]);
  removeRun(project, run);
  undo(project);
  expect(annotationsOfImages(project, [first, second]).map(({ on }) => on)).toEqual([{ image: second }]);
  undo(project);
  redo(project);
  expect(annotationsOfImages(project, [first, second])).toEqual([{ ...facts, id: drawn[1], on: { image: second } }]);
  closeProject(project);
});

test('any sequence of edits can be undone to where it began and redone to where it ended', () => {
  const project = newProject();
  const random = createRandom(5);
  const images = withImages(project, 12);
  const run = sampleRun(project);
  const some = (): readonly ImageId[] => images.filter(() => random.uniform() < 0.4);
  const states = [contents(project)];
  for (let count = 0; count < 60; count++) {
    recordEdit(project, `${count}`, (editing) => {
      for (let part = random.integer(4); part >= 0; part--) {
        const tags = listTags(project);
        const choice = random.integer(7);
        if (choice === 0 || tags.length === 0) addTag(editing, `tag ${count} ${part}`);
        else if (choice === 1) removeTag(editing, random.pick(tags).id);
        else if (choice === 2) tagImages(editing, random.pick(tags).id, some());
        else if (choice === 3) decideImages(editing, run, some(), random.pick(['accepted', 'rejected', null]));
        else if (choice === 4) removeImages(editing, some());
        else if (choice === 5) restoreImages(editing, some());
        else saveSetting(editing, random.pick(['a', 'b']), random.pick([1, undefined, 'x']));
      }
    });
    const now = contents(project);
    if (now !== states.at(-1) || listEdits(project, 1).some(({ label }) => label === `${count}`)) states.push(now);
  }
  const done = listEdits(project, 100).length;
  expect(states).toHaveLength(done + 1);
  for (let step = done - 1; step >= 0; step--) {
    undo(project);
    expect(contents(project)).toBe(states[step]);
  }
  for (let step = 1; step <= done; step++) {
    redo(project);
    expect(contents(project)).toBe(states[step]);
  }
  closeProject(project);
});

test.each([
  ['another table', `'run'`, `'{"id":1}'`, 'NULL'],
  ['SQL as a table', `'tag; DROP TABLE tag'`, `'{}'`, 'NULL'],
  ['a deletion of an image', `'image'`, `'{"id":1,"removed_at":null}'`, 'NULL'],
  ['no row', `'tag'`, `'nonsense'`, 'NULL'],
  ['half a row', `'tag'`, 'NULL', `'{"id":1}'`],
  ['a strange cell', `'setting'`, 'NULL', `'{"key":"a","value":{}}'`],
])('a step in the undo log that this program does not write is refused: %s', (_, table, before, after) => {
  const project = newProject();
  withImages(project, 2);
  sampleRun(project);
  const edit = (undone: number): void => {
    project.database.exec(`DELETE FROM edit; INSERT INTO edit VALUES (1, 'evil', 0, ${undone});
      INSERT INTO edit_step (edit_id, table_name, before, after) VALUES (1, ${table}, ${before}, ${after})`);
  };
  const invalid = expect.objectContaining({ code: 'project-invalid' }) as unknown;
  edit(0);
  expect(() => undo(project)).toThrow(invalid);
  edit(1);
  expect(() => redo(project)).toThrow(invalid);
  expect(listImages(project)).toHaveLength(2);
  expect(listSettings(project).size).toBe(0);
  closeProject(project);
});
