import { engine } from '../../api/client.ts';
import type { AnswerOf } from '../../api/types.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';

export type Group = AnswerOf<'groups.page'>['groups'][number];

/** Groups of images that show the same, of one kind at a time. */
export class Groups {
  kind = $state<Group['kind']>('duplicate');
  list = $state.raw<readonly Group[]>([]);
  total = $state(0);
  next = $state<string | null>(null);
  isLoaded = $state(false);
  isFinding = $state(false);
  readonly #window: Pick<WindowState, 'try'>;
  readonly #project: ProjectState;

  constructor(window: Pick<WindowState, 'try'>, project: ProjectState) {
    this.#window = window;
    this.#project = project;
  }

  /** Shows another kind; it is loaded where the kind is watched. */
  show(kind: Group['kind']): void {
    this.kind = kind;
    this.next = null;
  }

  async load(kind: Group['kind']): Promise<void> {
    const answer = await this.#window.try(() => this.#page(kind));
    if (answer === undefined || kind !== this.kind) return;
    this.list = answer.groups;
    this.total = answer.total;
    this.next = answer.next;
    this.isLoaded = true;
  }

  async more(): Promise<void> {
    const { next, kind } = this;
    if (next === null) return;
    const answer = await this.#window.try(() => this.#page(kind, next));
    if (answer === undefined || kind !== this.kind) return;
    this.list = [...this.list, ...answer.groups];
    this.next = answer.next;
  }

  async find(): Promise<void> {
    this.isFinding = true;
    await this.#window.try(() => engine.groups.find({ params: this.#project.params, body: {} }));
    this.isFinding = false;
  }

  async keep(group: string, image: string | null): Promise<void> {
    const params = { ...this.#project.params, group };
    await this.#window.try(() => engine.groups.keep({ params, body: { image } }));
    await this.load(this.kind);
  }

  async dissolve(group: string): Promise<void> {
    await this.#window.try(() => engine.groups.dissolve({ params: { ...this.#project.params, group } }));
    await this.load(this.kind);
  }

  #page(kind: Group['kind'], cursor?: string) {
    const query = { kind, limit: 50, ...(cursor === undefined ? {} : { cursor }) };
    return engine.groups.page({ params: this.#project.params, query });
  }
}
