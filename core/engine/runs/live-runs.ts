import type { Progress } from '../../contract/commands/runs.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { RunId } from '../../store/ids.ts';
import type { RunEnd } from '../../store/runs.ts';
import type { RunQueue } from './run-queue.ts';
import { createRunQueue } from './run-queue.ts';

/** What is known of a run while it goes on, beyond its row. */
export interface LiveRun {
  progress: Progress | null;
  /** How often its worker died. */
  interruptions: number;
  /** How long it has worked, in seconds, as far as this is known. */
  readonly seconds: () => number;
  /** Files that could not be used so far. */
  readonly failures: { readonly file: string; readonly code: string; readonly reason: string }[];
  /** Where it has the canonical frame just now, as its latest frame shows it. */
  film: LiveFilm | null;
}

/** The latest frame of a run's film, and the poses that it was made of: canonical to unit coordinates, by image. */
export interface LiveFilm {
  readonly frame: string;
  readonly poses: readonly { readonly image: string; readonly toUnit: Matrix3 }[];
}

/** The runs of all open projects that wait or go on. */
export interface LiveRuns {
  readonly queue: RunQueue;
  readonly byKey: Map<string, LiveRun>;
  /** How runs ended whose rows a disk refused to change: what they say is no longer so. */
  readonly unwritten: Map<string, RunEnd>;
}

/** Makes an empty set of live runs. */
export function createLiveRuns(): LiveRuns {
  return { queue: createRunQueue(), byKey: new Map(), unwritten: new Map() };
}

/** The key of a run among those of all open projects. */
export function keyOfRun(project: string, run: RunId): string {
  return `${project}/${run}`;
}

/** Stops the runs of a project, or all; fulfils when they have stopped. They can be resumed. */
export async function interruptRuns({ queue }: LiveRuns, project?: string): Promise<void> {
  await queue.stopAll((key) => project === undefined || key.startsWith(`${project}/`));
}
