import { engine } from '../../api/client.ts';
import type { Transform } from '../../api/types.ts';
import type { ProjectState } from '../../state/project.svelte.ts';

/** Results that are asked for at once. */
const atOnce = 200;

/** The results of a run, worst first: what a person goes through. */
export class ResultQueue {
  readonly #project: ProjectState;
  rows = $state.raw<readonly Transform[]>([]);
  total = $state(0);
  isLoaded = $state(false);
  #next: string | null = null;
  #run: string | undefined;
  #by: string | undefined;
  #asking: AbortController | undefined;

  constructor(project: ProjectState) {
    this.#project = project;
  }

  /** Asks for all that is shown anew; for another run, from its beginning. */
  async load(run: string, scores: readonly string[]): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const wanted = this.#run === run ? Math.max(atOnce, this.rows.length) : atOnce;
    if (this.#run !== run) this.isLoaded = false;
    const by = scores.includes('similarity') ? 'similarity' : scores.at(0);
    const rows: Transform[] = [];
    let next: string | null = null;
    do {
      const page = await this.#page(run, by, next, asking.signal);
      rows.push(...page.transforms);
      next = page.next;
      this.total = page.total;
    } while (next !== null && rows.length < wanted);
    this.#run = run;
    this.#by = by;
    this.#next = next;
    this.rows = rows;
    this.isLoaded = true;
  }

  /** Asks for what comes after, where there is more. */
  async more(): Promise<void> {
    const [run, next, asking] = [this.#run, this.#next, this.#asking];
    if (run === undefined || next === null || asking === undefined) return;
    this.#next = null;
    const page = await this.#page(run, this.#by, next, asking.signal);
    this.rows = [...this.rows, ...page.transforms];
    this.#next = page.next;
  }

  /** The image so many places further; undefined beyond either end. */
  neighbour(image: string | undefined, step: number): string | undefined {
    const at = this.rows.findIndex((row) => row.image === image);
    return this.rows.at(at + step < 0 ? this.rows.length : at + step)?.image;
  }

  place(image: string | undefined): number {
    return this.rows.findIndex((row) => row.image === image);
  }

  /** Takes in what an edit has made of one result. */
  replace(changed: Transform): void {
    this.rows = this.rows.map((row) => (row.image === changed.image ? changed : row));
  }

  #page(run: string, by: string | undefined, cursor: string | null, signal: AbortSignal) {
    return engine.transforms.page({
      params: { ...this.#project.params, run },
      query: {
        limit: atOnce,
        ...(by === undefined ? {} : ({ sort: 'score', by } as const)),
        ...(cursor === null ? {} : { cursor }),
      },
      signal,
    });
  }
}
