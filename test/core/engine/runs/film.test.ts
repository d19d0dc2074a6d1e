import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  filmOf,
  loadDeviation,
  markFilm,
  rewindFilm,
  saveFilmFrame,
} from '../../../../core/engine/runs/run-pictures.ts';
import { openProject } from '../../../../core/store/project-file.ts';
import { sampleRun } from '../../../support/project-samples.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const newProject = () => openProject(join(temporaryFolder(), 'film.congeal'), { create: true });

test('a film is cut back to the last state of its run, and no frame number is given twice', () => {
  const project = newProject();
  const run = sampleRun(project);
  const add = (text: string) =>
    saveFilmFrame(project, run, { phase: 'refine', mean: Buffer.from(text), std: Buffer.from(`${text} std`) });
  const shown = () => filmOf(project, run).map(({ sequence }) => sequence);

  const [first, second] = [add('a'), add('b')];
  markFilm(project, run);
  const lost = [add('c'), add('d')];
  rewindFilm(project, run);
  expect(shown()).toEqual([first, second]);
  expect(loadDeviation(project, run, second)).toEqual(Buffer.from('b std'));

  const again = add('c');
  expect(Math.max(...lost)).toBeLessThan(again);
  expect(shown()).toEqual([first, second, again]);
  rewindFilm(project, run);
  expect(shown()).toEqual([first, second]);
});

test('a run that has kept no state begins its film anew', () => {
  const project = newProject();
  const run = sampleRun(project);
  saveFilmFrame(project, run, { phase: 'bank', mean: Buffer.from('a') });
  rewindFilm(project, run);
  expect(filmOf(project, run)).toEqual([]);
});
