import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openRecentProjects } from '../../../core/engine/projects/recent-projects.ts';
import { openSettings } from '../../../core/engine/settings/settings-file.ts';
import { nameBackups } from '../../../core/store/backup.ts';
import { Cache } from '../../../core/store/cache.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../core/store/checkpoints.ts';
import type { ProjectReader } from '../../../core/store/database.ts';
import { listEdits, recordEdit, redo, undo } from '../../../core/store/edits.ts';
import type { ImageId, RunId } from '../../../core/store/ids.ts';
import { listImages, saveImages } from '../../../core/store/images.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { restoreBackup } from '../../../core/store/rescue.ts';
import { endRun, listRuns } from '../../../core/store/runs.ts';
import { listScores, saveScores } from '../../../core/store/scores.ts';
import { saveSnapshot } from '../../../core/store/snapshot.ts';
import { addTag, listTags, tagImages } from '../../../core/store/tags.ts';
import { makeFirstSchema, oldState, sampleImage, sampleRun } from '../project-samples.ts';
import { stateOf } from '../project-writer.ts';

/** Does a step; gives whether it was done. What it throws is noted. */
type Step = (work: () => unknown) => boolean;

/** Work on files that a fault may meet in any of its steps, and what must hold afterwards. */
export interface StoreWork {
  /** Before there are faults. */
  readonly prepare?: (folder: string) => void;
  /** Under the fault. Gives what must hold when it is lifted: a function that throws where it does not. */
  readonly work: (folder: string, step: Step) => () => void;
}

const pictures = Array.from({ length: 20 }, (_, n) => `${n}.jpg`);

function wholeProject(path: string, check: (project: ProjectReader) => void): void {
  const project = openProject(path);
  try {
    assert.deepEqual(project.database.pragma('integrity_check'), [{ integrity_check: 'ok' }]);
    assert.deepEqual(project.database.pragma('foreign_key_check'), []);
    check(project);
  } finally {
    closeProject(project);
  }
}

/** Everything in a folder but what is meant to stand there. */
function strangers(folder: string, meant: RegExp): readonly string[] {
  return readdirSync(folder).filter((name) => !meant.test(name));
}

/** A project from its making to its closing: images, states and scores of a run, edits, undo and redo. */
const project: StoreWork = {
  work: (folder, step) => {
    const path = join(folder, 'work.congeal');
    let open: ReturnType<typeof openProject> | undefined;
    const said = { images: 0, sequence: 0, value: -1, tags: 0, edits: 0, done: false };
    let images: readonly ImageId[] = [];
    let run: RunId | undefined;
    step(() => (open = openProject(path, { create: true })));
    const opened = open;
    if (opened !== undefined) {
      const save = () => {
        images = saveImages(
          opened,
          pictures.map((name, n) => sampleImage(opened, name, (n % 16).toString(16))),
        );
        said.images = images.length;
      };
      step(save);
      if (images.length === 0) step(save);
      step(() => (run = sampleRun(opened)));
      const known = run;
      for (let n = 1; n <= 3 && known !== undefined; n++) {
        step(() => (said.sequence = saveCheckpoint(opened, known, 'train', stateOf(said.sequence + 1))));
        step(() => {
          saveScores(
            opened,
            known,
            images.map((image) => ({ image, name: 'similarity', value: n })),
          );
          if (images.length > 0) said.value = n;
        });
      }
      for (let n = 1; n <= 3; n++)
        step(() => {
          recordEdit(opened, `${n}`, (editing) => tagImages(editing, addTag(editing, `${n}`), images));
          said.edits = said.tags += 1;
        });
      if (said.edits > 0 && step(() => undo(opened))) said.tags -= 1;
      if (said.tags < said.edits && step(() => redo(opened))) said.tags += 1;
      if (known !== undefined) said.done = step(() => endRun(opened, known, { status: 'done', finishedAt: 1 }));
      step(() => saveSnapshot(opened, join(folder, 'copy.congeal')));
    }
    return () => {
      if (opened !== undefined) {
        // The same connection goes on.
        recordEdit(opened, 'after', (editing) => addTag(editing, 'after'));
        closeProject(opened);
      }
      if (opened === undefined && !existsSync(path)) return;
      wholeProject(path, (again) => {
        if (opened === undefined) return;
        const runs = listRuns(again);
        assert.equal(listImages(again).length, said.images);
        assert.equal(runs.length, run === undefined ? 0 : 1);
        assert.equal(listTags(again).length, said.tags + 1);
        // A new edit ends what could be done again.
        assert.equal(listEdits(again, 100).length, said.tags + 1);
        if (run === undefined) return;
        assert.equal(runs[0].status === 'done', said.done);
        const state = loadCheckpoint(again, run);
        assert.equal(state?.sequence ?? 0, said.sequence);
        if (state !== undefined) assert.deepEqual(Buffer.from(state.state), Buffer.from(stateOf(said.sequence)));
        const values = new Set(listScores(again, run).map(({ value }) => value));
        assert.deepEqual([...values], said.value < 0 ? [] : [said.value]);
      });
      const copy = join(folder, 'copy.congeal');
      if (existsSync(copy)) wholeProject(copy, (it) => assert.equal(listImages(it).length, said.images));
      assert.deepEqual(strangers(folder, /^(work|copy)\.congeal$/), []);
    };
  },
};

/** An old project is copied and brought up to date. */
const migration: StoreWork = {
  prepare: (folder) => makeFirstSchema(join(folder, 'old.congeal')),
  work: (folder, step) => {
    const path = join(folder, 'old.congeal');
    step(() => closeProject(openProject(path)));
    return () => {
      wholeProject(path, (it) => assert.deepEqual(loadCheckpoint(it, 7 as RunId)?.state, oldState));
      const backups = nameBackups(path);
      assert.ok(backups.length >= 1);
      for (const backup of backups) {
        const copy = openProject(backup, { readOnly: true });
        assert.deepEqual(loadCheckpoint(copy, 7 as RunId)?.state, oldState);
        closeProject(copy);
      }
    };
  },
};

/** A backup is put in the place of a project. */
const restoring: StoreWork = {
  prepare: (folder) => {
    const path = join(folder, 'old.congeal');
    makeFirstSchema(path);
    closeProject(openProject(path));
  },
  work: (folder, step) => {
    const path = join(folder, 'old.congeal');
    const before = readFileSync(path);
    const [backup] = nameBackups(path);
    const restored = step(() => void restoreBackup(path, backup));
    return () => {
      const aside = join(folder, 'old.corrupt-1.congeal');
      // What was there is still there, under its own name or beside it.
      assert.deepEqual(readFileSync(existsSync(aside) ? aside : path), before);
      if (restored) assert.ok(existsSync(aside));
      assert.ok(existsSync(path));
      wholeProject(path, (it) => assert.deepEqual(loadCheckpoint(it, 7 as RunId)?.state, oldState));
    };
  },
};

/** The cache is filled, read and cleared: it never says that something went wrong, and never gives a wrong blob. */
const cache: StoreWork = {
  work: (folder) => {
    const blob = (n: number) => Buffer.alloc(3000 + n, n);
    const kept = new Cache({ folder: join(folder, 'cache') });
    const right = (): void => {
      for (let n = 0; n < 30; n++) {
        const found = kept.read(`${n}`);
        if (found !== undefined) assert.deepEqual(Buffer.from(found), blob(n));
      }
    };
    for (let n = 0; n < 10; n++) kept.write(`${n}`, blob(n));
    kept.writeAll(Array.from({ length: 10 }, (_, n) => [`${10 + n}`, blob(10 + n)] as const));
    right();
    kept.setLimit(30_000);
    right();
    kept.clear();
    for (let n = 20; n < 30; n++) kept.write(`${n}`, blob(n));
    return () => {
      right();
      kept.close();
      const again = new Cache({ folder: join(folder, 'cache') });
      again.write('after', blob(7));
      assert.deepEqual(Buffer.from(again.read('after') ?? []), blob(7));
      again.close();
    };
  },
};

/** Settings are changed: the file holds what was last said to be written, whole. The recent list costs only itself. */
const settings: StoreWork = {
  work: (folder, step) => {
    const state = join(folder, 'state');
    const file = openSettings(state);
    const recent = openRecentProjects(state);
    let keys: Readonly<Record<string, string>> = {};
    for (let n = 1; n <= 10; n++) {
      const next = Object.fromEntries(Array.from({ length: 50 }, (_, key) => [`command.${key}`, `Ctrl+${n}`]));
      if (step(() => void file.change({ keys: next }))) keys = next;
      assert.deepEqual(file.read().keys, keys);
      recent.note({ path: `/somewhere/${n}.congeal`, name: `${n}`, openedAt: n, images: n });
      assert.equal(recent.list().length, n);
    }
    return () => {
      assert.deepEqual(openSettings(state).read().keys, keys);
      assert.deepEqual(
        readdirSync(existsSync(state) ? state : folder).filter((name) => name.includes('broken')),
        [],
      );
      recent.note({ path: '/somewhere/11.congeal', name: '11', openedAt: 11, images: 11 });
      assert.equal(openRecentProjects(state).list().length, 11);
    };
  },
};

/** Every work by its name. */
export const storeWorks: Readonly<Record<string, StoreWork>> = { project, migration, restoring, cache, settings };
