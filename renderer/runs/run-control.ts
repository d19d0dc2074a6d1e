import { engine } from '../api/client.ts';
import type { Run } from '../api/types.ts';
import type { ProjectState } from '../state/project.svelte.ts';
import type { WindowState } from '../state/window.svelte.ts';

/** What a person can do with a run, as calls of the engine whose refusals are said. */
export interface RunControl {
  readonly pause: (run: Run) => Promise<void>;
  readonly resume: (run: Run) => Promise<void>;
  readonly cancel: (run: Run) => Promise<void>;
  readonly rename: (run: Run, name: string) => Promise<void>;
  readonly remove: (run: Run) => Promise<void>;
}

/** Controls the runs of a project. */
export function controlRuns(window: WindowState, project: ProjectState): RunControl {
  const at = (run: Run) => ({ params: { ...project.params, run: run.id } });
  const ask = async (call: () => Promise<unknown>): Promise<void> => {
    await window.try(call);
  };
  return {
    pause: (run) => ask(() => engine.runs.pause(at(run))),
    resume: (run) => ask(() => engine.runs.resume(at(run))),
    cancel: (run) => ask(() => engine.runs.cancel(at(run))),
    rename: (run, name) => ask(() => engine.runs.rename({ ...at(run), body: { name } })),
    remove: (run) =>
      ask(async () => {
        await engine.runs.remove(at(run));
        project.forgetRun(run.id);
      }),
  };
}
