import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { listRuns } from '../../../core/store/runs.ts';
import { listStrikes } from '../../../core/store/strikes.ts';
import { codeOf } from '../../support/code-of.ts';
import { makeProject } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const moduleUrl = pathToFileURL(join(import.meta.dirname, '../../../core/store/project-file.ts')).href;

test('while one process writes, another is told who and can look at what is written; when it dies, the project is free', async () => {
  const path = join(temporaryFolder(), 'busy.congeal');
  makeProject(path);
  const script = `import { openProject } from '${moduleUrl}';
    import { setRunStage, startRun } from '${moduleUrl.replace('project-file', 'runs')}';
    const project = openProject(process.argv[1]);
    const facts = { kind: 'align', options: {}, seed: 1, versions: {}, startedAt: 0 };
    const run = startRun(project, { ...facts, stage: 'first' });
    process.stdin.once('data', () => { setRunStage(project, run, 'second'); console.log('written'); });
    console.log('open');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = (): Promise<unknown> => new Promise((resolve) => child.stdout.once('data', resolve));
  await said();
  expect(codeOf(() => openProject(path))).toBe('project-locked');
  expect(() => openProject(path)).toThrow(
    expect.objectContaining({
      details: { path, heldBy: { pid: child.pid, since: expect.any(Number) as number } },
    }) as Error,
  );
  const reader = openProject(path, { readOnly: true });
  expect(listRuns(reader)[0].stage).toBe('first');
  const written = said();
  child.stdin.write('go');
  await written;
  expect(listRuns(reader)[0].stage).toBe('second');
  closeProject(reader);
  expect(codeOf(() => openProject(path))).toBe('project-locked');
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  const project = openProject(path);
  expect(listRuns(project)[0].stage).toBe('second');
  expect(codeOf(() => openProject(path))).toBe('project-locked');
  expect(() => openProject(path)).toThrow('this Congeal already');
  closeProject(project);
  closeProject(openProject(path));
  expect(readdirSync(join(path, '..'))).toEqual(['busy.congeal']);
});

test('of many processes that want to write at once one does, again and again', async () => {
  const path = join(temporaryFolder(), 'wanted.congeal');
  makeProject(path);
  const script = `import { openProject, closeProject } from '${moduleUrl}';
    import { addStrike } from '${moduleUrl.replace('project-file', 'strikes')}';
    let done = 0;
    for (const end = Date.now() + 1500; Date.now() < end; ) {
      let project;
      try { project = openProject(process.argv[1]); } catch (error) { if (error.code !== 'project-locked') throw error; continue; }
      const holders = project.database.pragma('data_version', { simple: true });
      addStrike(project, process.argv[1], 'x', 0); done++;
      if (project.database.pragma('data_version', { simple: true }) !== holders) throw new Error('another wrote meanwhile');
      closeProject(project);
    }
    console.log(done);`;
  const children = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<{ readonly output: string; readonly code: number | null }>((resolve) => {
          const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          let output = '';
          child.stdout.on('data', (bytes) => (output += String(bytes)));
          child.once('close', (code) => resolve({ output, code }));
        }),
    ),
  );
  expect(children.map(({ code }) => code)).toEqual([0, 0, 0]);
  const project = openProject(path);
  const counts = children.map(({ output }) => Number(output));
  expect(listStrikes(project)[0].count).toBe(counts[0] + counts[1] + counts[2]);
  closeProject(project);
});
