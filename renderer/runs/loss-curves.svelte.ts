import { engine } from '../api/client.ts';
import type { Progress } from '../api/types.ts';
import type { ProjectState } from '../state/project.svelte.ts';

/** One curve: a value at each step of a phase. */
interface Curve {
  readonly phase: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** The loss curves of a run, one by phase: what is written down, and what has been said since. */
export class LossCurves {
  list = $state.raw<readonly Curve[]>([]);
  #run: string | undefined;

  async show(project: ProjectState, run: string): Promise<void> {
    if (run !== this.#run) this.list = [];
    this.#run = run;
    const { series } = await engine.runs.losses({ params: { ...project.params, run }, query: { points: 1000 } });
    if (this.#run === run) this.list = series;
  }

  /** Takes in what a run says of itself. */
  hear(run: string, { phase, done, loss }: Progress): void {
    if (run !== this.#run || loss === undefined) return;
    const curve = this.list.find((one) => one.phase === phase) ?? { phase, steps: [], values: [] };
    if (curve.steps.at(-1) === done) return;
    const longer = { phase, steps: [...curve.steps, done], values: [...curve.values, loss] };
    this.list = [...this.list.filter((one) => one.phase !== phase), longer];
  }
}
