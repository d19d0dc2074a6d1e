import type { Selection } from '../api/types.ts';
import type { ProjectState } from '../state/project.svelte.ts';

/** What every run that learns is asked for: which images take part, and the seed. */
export class SampleOptions {
  seed = $state(1);
  onlySelected = $state(false);
  readonly #project: ProjectState;

  constructor(project: ProjectState) {
    this.#project = project;
  }

  /** The images as the engine takes them. */
  get which(): { readonly selection?: Selection } {
    const selection = this.onlySelected ? this.#project.selection.request : undefined;
    return selection === undefined ? {} : { selection };
  }
}
