import { expect } from 'vitest';
import type { Run } from '../../../core/contract/commands/runs.ts';
import { CongealError } from '../../../core/contract/errors.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { faultKinds, type Fault } from './control.ts';
import type { FaultedEngine } from './faulted-engine.ts';

/** Faults stand at multiples of this many writes. */
const every = 7;

/** What must be said where a write has failed: which file, what is wrong with the disk, and what to do. */
export const clearWords = [
  /\//,
  /disk is full|disk reported an error|space on the disk/,
  /make room|free some space|check/,
] as const;

function expectClear(code: string, message: string): void {
  expect(['disk-full', 'disk-failed', 'output-unwritable']).toContain(code);
  for (const part of clearWords) expect(message).toMatch(part);
}

/** Expects that a project file has nothing wrong with it. */
export function expectWhole(path: string): void {
  const project = openProject(path, { readOnly: true });
  try {
    expect(project.database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(project.database.pragma('foreign_key_check')).toEqual([]);
  } finally {
    closeProject(project);
  }
}

/** Does what may meet the fault; gives undefined where it was refused for the fault, in clear words. */
export async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CongealError)) throw error;
    expectClear(error.code, error.message);
    return undefined;
  }
}

/** Expects that a run is done, or failed for the fault, in clear words. */
export function expectEnd({ status, failure }: Run): void {
  if (status === 'done') return;
  expect(status).toBe('failed');
  expectClear(failure?.code ?? '', failure?.reason ?? '');
}

/** The kinds of faults in turn, at every seventh write. */
export function* everyFault(): Generator<Fault> {
  for (let n = 1; ; n++) yield { ...faultKinds[n % faultKinds.length], at: n * every };
}

/** So many faults evenly among so many writes, the kinds in turn from `first` on. */
export function faultsWithin(writes: number, count: number, first = 0): readonly Fault[] {
  return Array.from({ length: count }, (_, n) => ({
    ...faultKinds[(first + n) % faultKinds.length],
    at: 1 + Math.floor(((n + 0.5) * writes) / count),
  }));
}

/** Starts under a fault, and in the end it is done: taken up again, or started again where it was refused. */
export async function inTheEnd(
  { client, faults, ended }: FaultedEngine,
  project: string,
  fault: Fault,
  start: () => Promise<{ readonly run: string }>,
): Promise<{ readonly run: string; readonly failed: number }> {
  faults.arm(fault);
  const started = await asked(start);
  const first = started && (await ended(project, started.run));
  if (first !== undefined) expectEnd(first);
  const { failed } = faults.counts();
  faults.lift();
  const { run } = started ?? (await start());
  if (first !== undefined && first.status !== 'done') {
    expect(first.resumable).toBe(true);
    await client.runs.resume({ params: { project, run } });
  }
  expect(await ended(project, run)).toMatchObject({ status: 'done', failure: null });
  return { run, failed };
}
