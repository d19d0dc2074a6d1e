import { copyFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { loadCheckpoint, saveCheckpoint } from '../../core/store/checkpoints.ts';
import { recordEdit, redo, undo } from '../../core/store/edits.ts';
import { saveImages } from '../../core/store/images.ts';
import { closeProject, openProject } from '../../core/store/project-file.ts';
import { findResumableRun, interruptAbandonedRuns, restartRun } from '../../core/store/runs.ts';
import { saveScores } from '../../core/store/scores.ts';
import { addTag, listTags, tagImages } from '../../core/store/tags.ts';
import { sampleImage, sampleRun } from './project-samples.ts';

/** How many images, and with each checkpoint how many scores, `writeForever` writes. */
export const writtenImages = 20;

/** The state that `writeForever` saves as checkpoint number `sequence`: some tens of kilobytes that depend on it. */
export function stateOf(sequence: number): Uint8Array {
  return Uint8Array.from({ length: 40_000 + (sequence % 7) * 4096 }, (_, index) => (index * 31 + sequence * 17) % 251);
}

/**
 * Opens a project, takes up its interrupted run (or starts one), and saves checkpoints and scores until it is killed.
 * Says each checkpoint's number on standard output after it has been saved, and only then.
 */
export function writeForever(path: string): void {
  const project = openProject(path, { create: true });
  interruptAbandonedRuns(project);
  const known = findResumableRun(project, 'align');
  const run = known?.id ?? sampleRun(project);
  if (known !== undefined) restartRun(project, run);
  const names = Array.from({ length: writtenImages }, (_, index) => `${index}.jpg`);
  const ids = saveImages(
    project,
    names.map((name, index) => sampleImage(project, name, (index % 16).toString(16))),
  );
  for (let next = (loadCheckpoint(project, run)?.sequence ?? 0) + 1; ; next++) {
    const sequence = saveCheckpoint(project, run, 'train', stateOf(next));
    saveScores(
      project,
      run,
      ids.map((image) => ({ image, name: 'similarity', value: sequence })),
    );
    writeSync(1, `${sequence}\n`);
  }
}

/**
 * Opens a project and records edits, each of one new tag on every image, undoing one now and then and doing it again,
 * until it is killed. Says how many tags there are after each change is recorded.
 */
export function editForever(path: string): void {
  const project = openProject(path, { create: true });
  const names = Array.from({ length: writtenImages }, (_, index) => `${index}.jpg`);
  const ids = saveImages(
    project,
    names.map((name, index) => sampleImage(project, name, (index % 16).toString(16))),
  );
  for (let next = listTags(project).length + 1; ; next++) {
    recordEdit(project, `${next}`, (editing) => tagImages(editing, addTag(editing, `${next}`), ids));
    if (next % 3 === 0) {
      undo(project);
      redo(project);
    }
    writeSync(1, `${next}\n`);
  }
}

/**
 * Makes one new project after another in a folder, and brings one copy after another of an old project up to date,
 * until it is killed. Says each number on standard output after both are closed.
 */
export function makeForever(folder: string, oldProject: string): void {
  for (let next = 1; ; next++) {
    closeProject(openProject(join(folder, `new-${next}.congeal`), { create: true }));
    const copy = join(folder, `old-${next}.congeal`);
    copyFileSync(oldProject, `${copy}.copy`);
    renameSync(`${copy}.copy`, copy);
    closeProject(openProject(copy));
    writeSync(1, `${next}\n`);
  }
}

/** Opens a project, adds an image with the tag "kept", says so on standard output, and keeps it open until it is killed. */
export function writeAndWait(path: string): void {
  const project = openProject(path, { create: true });
  const ids = saveImages(project, [sampleImage(project, 'kept.jpg', 'a')]);
  recordEdit(project, 'kept', (editing) => tagImages(editing, addTag(editing, 'kept'), ids));
  writeSync(1, 'written\n');
  setInterval(() => undefined, 60_000);
}
