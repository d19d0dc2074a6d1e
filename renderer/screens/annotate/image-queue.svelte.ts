import { engine } from '../../api/client.ts';
import type { ImageRow } from '../../api/types.ts';
import type { ProjectState } from '../../state/project.svelte.ts';

/** Images that are asked for at once. */
const atOnce = 200;

/** The images of a project that can be shown, by name. */
export class ImageQueue {
  readonly #project: ProjectState;
  rows = $state.raw<readonly ImageRow[]>([]);
  total = $state(0);
  isLoaded = $state(false);
  #next: string | null = null;
  #asking: AbortController | undefined;

  constructor(project: ProjectState) {
    this.#project = project;
  }

  /** Asks for all that is shown anew. */
  async load(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const wanted = Math.max(atOnce, this.rows.length);
    const rows: ImageRow[] = [];
    let next: string | null = null;
    do {
      const page = await this.#page(next, asking.signal);
      rows.push(...page.images);
      next = page.next;
      this.total = page.total;
    } while (next !== null && rows.length < wanted);
    this.rows = rows;
    this.#next = next;
    this.isLoaded = true;
  }

  /** Asks for what comes after, where there is more. */
  async more(): Promise<void> {
    const [next, asking] = [this.#next, this.#asking];
    if (next === null || asking === undefined) return;
    this.#next = null;
    const page = await this.#page(next, asking.signal);
    this.rows = [...this.rows, ...page.images];
    this.#next = page.next;
  }

  place(image: string | undefined): number {
    return this.rows.findIndex(({ id }) => id === image);
  }

  #page(cursor: string | null, signal: AbortSignal) {
    return engine.images.page({
      params: this.#project.params,
      query: { status: ['ready'], limit: atOnce, ...(cursor === null ? {} : { cursor }) },
      signal,
    });
  }
}
