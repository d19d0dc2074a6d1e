import type { Run } from '../api/types.ts';
import type { ProjectState } from '../state/project.svelte.ts';
import { isActive } from './run-words.ts';

/** The runs of one kind, and which of them a screen shows: the chosen one, else one that goes on, else the latest. */
export class RunChoice {
  #chosen = $state.raw<string | undefined>(undefined);
  readonly #project: Pick<ProjectState, 'runs'>;
  readonly #kind: Run['kind'];

  constructor(project: Pick<ProjectState, 'runs'>, kind: Run['kind']) {
    this.#project = project;
    this.#kind = kind;
  }

  get all(): readonly Run[] {
    return this.#project.runs.filter(({ kind }) => kind === this.#kind);
  }

  get shown(): Run | undefined {
    return this.all.find(({ id }) => id === this.#chosen) ?? this.all.find(isActive) ?? this.all.at(0);
  }

  choose(run: string): void {
    this.#chosen = run;
  }
}
