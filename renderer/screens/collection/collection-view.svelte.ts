import type { Filter } from '../../api/types.ts';
import type { ImageQuery } from '../../state/image-list.svelte.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import { remembered } from '../../state/remembered.svelte.ts';

/** What cells of the grid may measure, in CSS pixels. */
const cellSizes = ['72', '112', '160', '224', '320'] as const;

/** How a project's collection is looked at; it stays while other screens are shown. */
export class CollectionView {
  /** Conditions apart from the text. */
  filter = $state.raw<Filter>({});
  text = $state('');
  sort = $state<NonNullable<ImageQuery['sort']>>('name');
  by = $state('similarity');
  direction = $state<'ascending' | 'descending'>('ascending');
  /** Where the grid was scrolled to. */
  top = 0;
  readonly #pose = remembered<'original' | 'aligned'>('pose', ['original', 'aligned'], 'original');
  readonly #size = remembered('cell', cellSizes, '160');
  readonly #project: ProjectState;

  constructor(project: ProjectState) {
    this.#project = project;
  }

  get pose(): 'original' | 'aligned' {
    return this.#project.run === undefined ? 'original' : this.#pose.value;
  }

  set pose(pose) {
    this.#pose.value = pose;
  }

  get cell(): number {
    return Number(this.#size.value);
  }

  resize(steps: number): void {
    const at = cellSizes.indexOf(this.#size.value) + steps;
    this.#size.value = cellSizes[Math.max(0, Math.min(cellSizes.length - 1, at))];
  }

  /** Conditions as commands take them, the text and the chosen run included. */
  get conditions(): Filter {
    const run = this.#project.run?.id;
    const text = this.text.trim();
    return { ...this.filter, ...(run === undefined ? {} : { run }), ...(text === '' ? {} : { text }) };
  }

  get query(): ImageQuery {
    const order = { sort: this.sort, direction: this.direction };
    return this.sort === 'score' ? { ...this.conditions, ...order, by: this.by } : { ...this.conditions, ...order };
  }

  /** How many kinds of conditions hold, the text apart. */
  get conditionCount(): number {
    const { score, scoreFrom, scoreTo, ...others } = this.filter;
    const hasScore = score !== undefined && (scoreFrom !== undefined || scoreTo !== undefined);
    return Object.values(others).filter((value) => value !== undefined).length + (hasScore ? 1 : 0);
  }

  get isFiltered(): boolean {
    return this.conditionCount > 0 || this.text.trim() !== '';
  }

  clear(): void {
    this.filter = {};
    this.text = '';
  }

  /** Changes conditions; empty lists are none. */
  change(changes: Filter): void {
    const next = { ...this.filter, ...changes };
    this.filter = Object.fromEntries(
      Object.entries(next).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
    );
  }
}

const views = new WeakMap<ProjectState, CollectionView>();

/** The view of a project, made when it is first looked at. */
export function viewOf(project: ProjectState): CollectionView {
  const view = views.get(project) ?? new CollectionView(project);
  views.set(project, view);
  return view;
}
