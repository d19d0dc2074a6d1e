import { engine } from '../../api/client.ts';
import type { AnswerOf, DoorEvent } from '../../api/types.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';
import type { Brush, NumberColumn, Range, Ranges } from './score-table.ts';
import { extentOf, joinColumns, numberColumns, rowsWithin, sortRows } from './score-table.ts';

type Columns = ReturnType<typeof joinColumns>;
const none: Columns = { images: [], names: [], status: [], decision: [], scores: {}, reading: {} };

/** What the screen Scores shows: all results of a run, sorted, and the part of them that was brushed. */
export class ScoresState {
  data = $state.raw<Columns>(none);
  isLoading = $state(false);
  /** `name`, `decision`, or the id of a column of numbers. */
  sort = $state.raw<{ readonly by: string; readonly direction: 'ascending' | 'descending' }>({
    by: 'similarity',
    direction: 'ascending',
  });
  axes = $state.raw<{ readonly x: string; readonly y: string }>({ x: 'angle', y: 'scale' });
  /** What was brushed in histograms, in the scatter and by numbers: one and the same. */
  ranges = $state.raw<Ranges>({});
  onlyBrushed = $state(false);
  index = $state(0);
  readonly #window: WindowState;
  readonly #project: ProjectState;
  #asking = new AbortController();
  #run: string | undefined;

  readonly columns = $derived(numberColumns(this.data));
  readonly x = $derived(this.columnOf(this.axes.x) ?? this.columns.at(0));
  readonly y = $derived(this.columnOf(this.axes.y) ?? this.columns.at(1));
  /** What is brushed of the two columns of the scatter. */
  readonly brush = $derived.by((): Brush | undefined => {
    const { x, y } = this;
    if (x === undefined || y === undefined) return undefined;
    const [across, up] = [this.ranges[x.id], this.ranges[y.id]];
    if (across === undefined && up === undefined) return undefined;
    return { x: across ?? extentOf(x), y: up ?? extentOf(y) };
  });
  /** Rows of the data in the order of the table. */
  readonly order = $derived.by(() => {
    const all = this.data.images.map((_, row) => row);
    const shown = this.onlyBrushed ? all.filter((row) => this.#project.selection.has(this.data.images[row])) : all;
    return sortRows(shown, this.#sortValues(), this.sort.direction);
  });

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
  }

  columnOf(id: string): NumberColumn | undefined {
    return this.columns.find((column) => column.id === id);
  }

  /** The image that the keyboard is on. */
  get current(): string | undefined {
    return this.data.images[this.order[this.index]];
  }

  async load(run: string | undefined): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    // Another run has other values.
    if (run !== this.#run) this.ranges = {};
    this.#run = run;
    if (run === undefined) return void (this.data = none);
    this.isLoading = true;
    const pages: AnswerOf<'transforms.columns'>[] = [];
    const params = { ...this.#project.params, run };
    for (let cursor: string | undefined; ;) {
      const query = cursor === undefined ? {} : { cursor };
      const page = await this.#window.try(() => engine.transforms.columns({ params, query, signal }));
      if (signal.aborted || page === undefined) return;
      pages.push(page);
      if (page.next === null) break;
      cursor = page.next;
    }
    this.data = joinColumns(pages);
    this.isLoading = false;
  }

  hear(event: DoorEvent, run: string | undefined): void {
    if (event.event === 'transforms-changed' && event.run === run) void this.load(run);
  }

  sortBy(by: string): void {
    const same = this.sort.by === by;
    const direction = same && this.sort.direction === 'ascending' ? 'descending' : 'ascending';
    this.sort = { by, direction };
    this.index = 0;
  }

  /** Selects what lies within a brush of the scatter and within all other ranges; without one, nothing. */
  setBrush(brush: Brush | undefined): void {
    const { x, y } = this;
    if (brush === undefined || x === undefined || y === undefined) this.#setRanges({});
    else this.#setRanges({ ...this.ranges, [x.id]: brush.x, [y.id]: brush.y });
  }

  /** Bounds one column, or frees it, and selects what lies within all ranges, here and in the collection. */
  setRange(column: string, range: Range | undefined): void {
    const others = Object.entries(this.ranges).filter(([id]) => id !== column);
    this.#setRanges(Object.fromEntries(range === undefined ? others : [...others, [column, range]]));
  }

  go(steps: number): void {
    this.index = Math.max(0, Math.min(this.order.length - 1, this.index + steps));
  }

  /** Decides on what is selected, or on the image that the keyboard is on. */
  async decide(decision: 'accept' | 'reject' | 'reset', run: string): Promise<void> {
    const { current } = this;
    const selection = this.#project.selection.request ?? (current === undefined ? undefined : { images: [current] });
    if (selection === undefined) return;
    const params = { ...this.#project.params, run };
    const words = { accept: 'Accepted', reject: 'Rejected', reset: 'Reset' } as const;
    const answer = await this.#window.try(() => engine.transforms[decision]({ params, body: { selection } }));
    if (answer !== undefined) this.#window.notes.say(`${words[decision]}: ${answer.changed}.`);
  }

  #setRanges(ranges: Ranges): void {
    this.ranges = ranges;
    const { selection } = this.#project;
    if (Object.keys(ranges).length === 0) selection.clear();
    else selection.set(rowsWithin(ranges, this.columns).map((row) => this.data.images[row]));
    if (selection.count === 0) this.onlyBrushed = false;
  }

  #sortValues(): readonly (number | string | null)[] {
    const { by } = this.sort;
    if (by === 'name') return this.data.names;
    if (by === 'decision') return this.data.decision;
    return this.columnOf(by)?.values ?? this.columns.at(0)?.values ?? this.data.names;
  }
}
