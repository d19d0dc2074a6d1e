import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SupervisedMessage } from '../../../../core/compute/supervisor/messages.ts';
import { journalRun } from '../../../../core/engine/run-journal.ts';
import { markRun, rewindRun } from '../../../../core/engine/runs/run-marks.ts';
import { filmOf, loadDeviation, saveFilmFrame } from '../../../../core/engine/runs/run-pictures.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../../core/store/checkpoints.ts';
import type { Project } from '../../../../core/store/database.ts';
import type { RunId } from '../../../../core/store/ids.ts';
import { openProject } from '../../../../core/store/project-file.ts';
import { listLosses, saveLosses } from '../../../../core/store/run-losses.ts';
import { sampleRun } from '../../../support/project-samples.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

/** What a journal makes of messages as a worker sends them. */
async function journal(project: Project, run: RunId, ...messages: readonly SupervisedMessage[]): Promise<void> {
  const steps = journalRun(project, run, told(messages), {});
  for (let next = await steps.next(); next.done !== true; next = await steps.next());
}

async function* told(messages: readonly SupervisedMessage[]): AsyncGenerator<SupervisedMessage, void> {
  for (const message of messages) yield await Promise.resolve(message);
}

const newProject = () => openProject(join(temporaryFolder(), 'film.congeal'), { create: true });

test('a film is cut back to the last state of its run, and no frame number is given twice', () => {
  const project = newProject();
  const run = sampleRun(project);
  const add = (text: string) =>
    saveFilmFrame(project, run, { phase: 'refine', mean: Buffer.from(text), std: Buffer.from(`${text} std`) });
  const shown = () => filmOf(project, run).map(({ sequence }) => sequence);

  const [first, second] = [add('a'), add('b')];
  saveCheckpoint(project, run, 'refine', Buffer.from('state'));
  markRun(project, run);
  const lost = [add('c'), add('d')];
  rewindRun(project, run);
  expect(shown()).toEqual([first, second]);
  expect(loadDeviation(project, run, second)).toEqual(Buffer.from('b std'));

  const again = add('c');
  expect(Math.max(...lost)).toBeLessThan(again);
  expect(shown()).toEqual([first, second, again]);
  rewindRun(project, run);
  expect(shown()).toEqual([first, second]);
});

test('a run that has kept no state begins its film anew', () => {
  const project = newProject();
  const run = sampleRun(project);
  saveFilmFrame(project, run, { phase: 'bank', mean: Buffer.from('a') });
  rewindRun(project, run);
  expect(filmOf(project, run)).toEqual([]);
});

test('a state and its mark in the film are kept together or not at all', async () => {
  const project = newProject();
  const run = sampleRun(project);
  const add = (text: string) => saveFilmFrame(project, run, { phase: 'refine', mean: Buffer.from(text) });
  const state = (text: string) => ({ event: 'checkpoint', stage: 'refine', bytes: Buffer.from(text) }) as const;
  const first = add('a');
  await journal(project, run, state('one'));
  add('b');
  project.database.exec(`CREATE TEMP TRIGGER ends BEFORE INSERT ON run_frame WHEN NEW.stage = 'picture mark'
    BEGIN SELECT raise(ABORT, 'here it ends'); END`);
  await expect(journal(project, run, state('two'))).rejects.toThrow('here it ends');
  project.database.exec('DROP TRIGGER ends');
  expect(loadCheckpoint(project, run)?.state).toEqual(Buffer.from('one'));
  rewindRun(project, run);
  expect(filmOf(project, run).map(({ sequence }) => sequence)).toEqual([first]);

  const second = add('b');
  await journal(project, run, state('two'));
  add('c');
  expect(loadCheckpoint(project, run)?.state).toEqual(Buffer.from('two'));
  rewindRun(project, run);
  expect(filmOf(project, run).map(({ sequence }) => sequence)).toEqual([first, second]);
});

test('a loss curve whose stages come again and again is cut back to the last state, with what was held back before it', async () => {
  const project = newProject();
  const run = sampleRun(project);
  const point = (step: number, loss: number) => ({ stage: 'refine', step, loss });
  const shown = () => listLosses(project, run).map(({ step, loss }) => [step, loss]);
  saveLosses(project, run, [point(1, 0.9), point(2, 0.8)]);
  const state = { event: 'checkpoint', stage: 'refine', bytes: Buffer.from('one') } as const;
  const messages = journalRun(project, run, told([state]), {
    writeHeld: () => void saveLosses(project, run, [point(1, 0.7)]),
  });
  while ((await messages.next()).done !== true);
  saveLosses(project, run, [point(2, 0.6)]);
  for (let n = 0; n < 2; n++) {
    rewindRun(project, run);
    expect(shown()).toEqual([
      [1, 0.9],
      [2, 0.8],
      [1, 0.7],
    ]);
    saveLosses(project, run, [point(2, 0.5)]);
  }
});

test('a run that leaves out an image from now on begins anew, film and loss curve with it', async () => {
  const project = newProject();
  const run = sampleRun(project);
  saveFilmFrame(project, run, { phase: 'refine', mean: Buffer.from('a') });
  saveLosses(project, run, [{ stage: 'train', step: 1, loss: 1 }]);
  const died = { event: 'interrupted', reason: 'it died', attempt: 1, retryInMilliseconds: 0 } as const;
  await journal(
    project,
    run,
    { event: 'checkpoint', stage: 'refine', bytes: Buffer.from('one') },
    { ...died, quarantined: [] },
    { event: 'resumed' },
  );
  expect([loadCheckpoint(project, run)?.stage, filmOf(project, run).length]).toEqual(['refine', 1]);
  await journal(project, run, { ...died, quarantined: ['a.png'] }, { event: 'resumed' });
  expect(loadCheckpoint(project, run)).toBeUndefined();
  expect([filmOf(project, run), listLosses(project, run)]).toEqual([[], []]);
});
