import { engine } from '../api/client.ts';
import type { AnswerOf, Transform } from '../api/types.ts';
import type { ProjectState } from './project.svelte.ts';
import type { WindowState } from './window.svelte.ts';

type Query = NonNullable<Parameters<typeof engine.transforms.page>[0]['query']>;

/** Which transforms of a run are shown, and in which order. */
export type TransformQuery = Omit<Query, 'cursor' | 'limit'>;

const pageLength = 200;
/** Above so many changed results the list is asked for anew rather than one by one. */
const few = 24;

/** The transforms of a run, page by page as they are looked at. */
export class TransformList {
  rows = $state.raw<readonly Transform[]>([]);
  total = $state(0);
  isLoading = $state(false);
  /** False until the first answer about the run that is shown. */
  isKnown = $state(false);
  readonly #window: WindowState;
  readonly #project: ProjectState;
  #run: string | undefined;
  #query: TransformQuery = {};
  #next: string | null = null;
  #asking = new AbortController();

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
  }

  /** Shows another run or another order, from the start. */
  async show(run: string | undefined, query: TransformQuery): Promise<void> {
    const isOther = run !== this.#run;
    this.#run = run;
    this.#query = query;
    if (isOther) {
      this.rows = [];
      this.total = 0;
      this.isKnown = false;
    }
    await this.#restart();
  }

  /** Makes sure that the row of an index is there, if there is one. */
  async reach(index: number): Promise<void> {
    while (index >= this.rows.length && this.#next !== null && !this.isLoading) {
      const page = await this.#ask(pageLength, this.#next);
      if (page === undefined) return;
      this.rows = [...this.rows, ...page.transforms];
      this.#next = page.next;
    }
  }

  /** Takes in that some results have changed (null: many); rows keep their places until the list is asked for anew. */
  async refresh(images: readonly string[] | null): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    if (images === null || images.length > few) return this.#restart(Math.max(pageLength, this.rows.length));
    const shown = new Set(this.rows.map(({ image }) => image));
    const changed = await this.#window.try(() =>
      Promise.all(
        images
          .filter((image) => shown.has(image))
          .map((image) => engine.transforms.one({ params: { ...this.#project.params, run, image } })),
      ),
    );
    for (const one of changed ?? []) this.put(one);
  }

  /** Puts a result in the place of what was known of its image. */
  put(one: Transform): void {
    this.rows = this.rows.map((row) => (row.image === one.image ? one : row));
  }

  async #restart(rows = pageLength): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    this.isLoading = false;
    const page = await this.#ask(Math.min(500, rows), undefined);
    if (page === undefined) return;
    this.rows = page.transforms;
    this.total = page.total;
    this.isKnown = true;
    this.#next = page.next;
  }

  async #ask(limit: number, cursor: string | undefined): Promise<AnswerOf<'transforms.page'> | undefined> {
    const run = this.#run;
    if (run === undefined) return undefined;
    const { signal } = this.#asking;
    this.isLoading = true;
    const query = { ...this.#query, limit, ...(cursor === undefined ? {} : { cursor }) };
    const params = { ...this.#project.params, run };
    const page = await this.#window.try(() => engine.transforms.page({ params, query, signal }));
    if (signal.aborted) return undefined;
    this.isLoading = false;
    return page;
  }
}
