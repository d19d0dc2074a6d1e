import { untrack } from 'svelte';

/** Something the window says in passing. */
export interface Note {
  readonly key: number;
  readonly text: string;
  readonly level: 'info' | 'warning' | 'error';
  /** What can be done about it at once. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

const shownFor = { info: 4000, warning: 8000, error: 12_000 } as const;

/** What the window says in passing, latest last. */
export class Notes {
  list = $state.raw<readonly Note[]>([]);
  #next = 0;

  say(text: string, level: Note['level'] = 'info', action?: Note['action']): void {
    const note: Note = { key: this.#next++, text, level, action };
    // Saying something in an effect must not make it run again with every other note.
    const others = untrack(() => this.list).filter((other) => other.text !== text);
    this.list = [...others, note].slice(-4);
    setTimeout(() => this.dismiss(note.key), shownFor[level]);
  }

  dismiss(key: number): void {
    this.list = this.list.filter((note) => note.key !== key);
  }
}
