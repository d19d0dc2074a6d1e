import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { suspicions } from '../../../core/compute/supervisor/death.ts';
import type { Learned } from '../../../core/compute/learned.ts';
import { createWorkers } from '../../../core/compute/supervisor/workers.ts';
import { performRun } from '../../../core/engine/perform-run.ts';
import { quarantineOf } from '../../../core/engine/quarantine.ts';
import type { RunEvent } from '../../../core/engine/run-journal.ts';
import type { Project } from '../../../core/store/database.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { findRun } from '../../../core/store/runs.ts';
import { listStrikes } from '../../../core/store/strikes.ts';
import { listTransforms } from '../../../core/store/transforms.ts';
import { drawCollection } from '../../support/collection.ts';
import { sampleRun } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function newProject(): Project {
  const project = openProject(join(temporaryFolder(), 'project.congeal'), { create: true });
  onTestFinished(() => closeProject(project));
  return project;
}

async function performFind(
  project: Project,
  images: string,
  onEvent: (event: RunEvent, busy: number) => void,
  stop = new AbortController(),
) {
  const workers = createWorkers({ retries: { firstWait: 10, longestWait: 10 } });
  const id = sampleRun(project, { kind: 'find', seed: 3 });
  const files = readdirSync(images).map((name) => ({ id: name, path: join(images, name) }));
  const options = {
    objectSize: 'auto',
    objective: 'gain',
    net: 'heat-map',
    features: 'gradients',
    allowDamaged: false,
  } as const;
  const task = {
    job: 'find',
    request: { files, ...options },
    seed: 3,
    threads: 1,
    provider: 'cpu',
    modelName: 'localiser.onnx',
  } as const;
  const busy = () => workers.status().workers.find((worker) => worker.busy)?.pid ?? 0;
  const cacheFolder = temporaryFolder();
  const surroundings = {
    workers,
    signal: stop.signal,
    cacheFolder,
    onEvent: (event: RunEvent) => onEvent(event, busy()),
  };
  try {
    const learned: Learned = await performRun(project, id, { files, failures: [] }, task, surroundings);
    return { id, learned };
  } finally {
    await workers.close();
  }
}

describe('a run', () => {
  it('is interrupted when its worker dies, goes on, and ends as if nothing had happened', async () => {
    const images = join(temporaryFolder(), 'images');
    await drawCollection('glyphs', images, 8);
    const [whole, killed] = [newProject(), newProject()];
    const undisturbed = await performFind(whole, images, () => undefined);
    const statuses: (string | undefined)[] = [];
    let death = 0;
    let noticed = 0;
    const disturbed = await performFind(killed, images, (event, pid) => {
      if (event.event === 'progress' && event.phase === 'learn' && event.done === 30 && death === 0) {
        death = performance.now();
        process.kill(pid, 'SIGKILL');
      }
      if (event.event !== 'status') return;
      if (event.status === 'interrupted') noticed = performance.now();
      statuses.push(event.status, findRun(killed, undisturbed.id)?.status);
    });
    expect(statuses).toEqual(['interrupted', 'interrupted', 'running', 'running']);
    expect(noticed - death).toBeLessThan(2000);
    expect(disturbed.learned).toEqual(undisturbed.learned);
    for (const project of [whole, killed]) expect(findRun(project, undisturbed.id)?.status).toBe('done');
    expect(listTransforms(killed, disturbed.id)).toEqual(listTransforms(whole, undisturbed.id));
  });

  it('says in its row how it ended', async () => {
    const images = join(temporaryFolder(), 'images');
    await drawCollection('glyphs', images, 1);
    const project = newProject();
    await expect(performFind(project, images, () => undefined)).rejects.toMatchObject({ code: 'too-few-images' });
    expect(findRun(project, sampleRun(project))).toMatchObject({ status: 'running' });
    const [failed] = [1].map((id) => findRun(project, id as never));
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'too-few-images' } });
    const stop = new AbortController();
    const stopped = performFind(project, images, () => stop.abort(new Error('enough')), stop);
    await expect(stopped).rejects.toThrow('enough');
  });
});

it('a project remembers over which files workers died, and forgives', () => {
  const project = newProject();
  const files = ['a', 'b'].map((id) => ({ id, path: join(project.path, '..', id) }));
  const first = quarantineOf(project, files);
  const { onChange } = first;
  expect(first.strikes.size).toBe(0);
  onChange(
    new Map([
      ['a', { weight: suspicions.own, reason: 'it crashed' }],
      ['b', { weight: suspicions.outside, reason: 'it was killed' }],
    ]),
  );
  onChange(new Map([['a', { weight: 2 * suspicions.own, reason: 'it crashed' }]]));
  expect(listStrikes(project).map(({ count, reason }) => ({ count, reason }))).toEqual([
    { count: 2, reason: 'it crashed' },
  ]);
  expect([...first.strikes.keys()]).toEqual(['a']);
  const again = quarantineOf(project, files);
  expect([...again.strikes]).toEqual([['a', { weight: 2 * suspicions.own, reason: 'it crashed' }]]);
  again.onChange(new Map());
  expect(listStrikes(project)).toEqual([]);
});
