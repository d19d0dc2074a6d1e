import type { Progress } from '../../contract/commands/runs.ts';
import type { RunId } from '../../store/ids.ts';
import type { RunQueue } from './run-queue.ts';
import { createRunQueue } from './run-queue.ts';

/** What is known of a run while it goes on, beyond its row. */
export interface LiveRun {
  progress: Progress | null;
  /** How often its worker died since the engine took it up. */
  interruptions: number;
  /** Files that could not be used so far. */
  readonly failures: { readonly file: string; readonly code: string; readonly reason: string }[];
}

/** The runs of all open projects that wait or go on. */
export interface LiveRuns {
  readonly queue: RunQueue;
  readonly byKey: Map<string, LiveRun>;
}

/** Makes an empty set of live runs. */
export function createLiveRuns(): LiveRuns {
  return { queue: createRunQueue(), byKey: new Map() };
}

/** The key of a run among those of all open projects. */
export function keyOfRun(project: string, run: RunId): string {
  return `${project}/${run}`;
}

/** Stops the runs of a project, or all; fulfils when they have stopped. They can be resumed. */
export async function interruptRuns({ queue }: LiveRuns, project?: string): Promise<void> {
  await queue.stopAll((key) => project === undefined || key.startsWith(`${project}/`));
}
