import { untrack } from 'svelte';
import { matchKeybindingPress, parseKeybinding } from 'tinykeys';

/** Something a person can do with a key, a menu or the cheat sheet. */
export interface UserCommand {
  /** Stable name, such as `edit.undo`: settings bind keys to it. */
  readonly id: string;
  readonly title: string;
  /** Heading under which the cheat sheet lists it. */
  readonly group: string;
  /** Default keys in the grammar of tinykeys: `$mod+z`, `Shift+?`, `ArrowLeft`. */
  readonly keys: readonly string[];
  /** Whether it can be done now; always where it is left out. */
  readonly when?: () => boolean;
  readonly run: () => void;
}

/** The commands that can be given now: those of the window and those of the screens that are shown. */
export class UserCommands {
  #lists = $state.raw<readonly (readonly UserCommand[])[]>([]);
  /** Keys that a person has chosen, by command; empty: none. */
  bindings = $state.raw<Readonly<Partial<Record<string, string>>>>({});
  /** Every command that was ever there since the page was loaded, for binding keys to those of other screens. */
  known = $state.raw<ReadonlyMap<string, UserCommand>>(new Map());

  /** What can be done now, latest registered first. */
  get list(): readonly UserCommand[] {
    return this.#lists.toReversed().flat();
  }

  /** Adds commands for as long as the answer is not called. Call it in an effect. */
  register(commands: readonly UserCommand[]): () => void {
    untrack(() => {
      this.#lists = [...this.#lists, commands];
      this.known = new Map([...this.known, ...commands.map((command) => [command.id, command] as const)]);
    });
    return () => {
      this.#lists = this.#lists.filter((list) => list !== commands);
    };
  }

  keysOf(command: UserCommand): readonly string[] {
    const own = this.bindings[command.id];
    return own === undefined ? command.keys : own === '' ? [] : [own];
  }

  run(id: string): boolean {
    const command = this.list.find((one) => one.id === id && one.when?.() !== false);
    command?.run();
    return command !== undefined;
  }

  /** Does what a key press asks for; typing in fields, open dialogs and controls that the keyboard is on keep their keys. */
  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || isOfControl(event)) return;
    const typing = isTyping(event.target);
    const command = this.list.find(
      (one) =>
        this.keysOf(one).some((keys) => matches(event, keys) && (!typing || isSafeWhileTyping(keys))) &&
        one.when?.() !== false,
    );
    if (command === undefined) return;
    event.preventDefault();
    command.run();
  }
}

function matches(event: KeyboardEvent, keys: string): boolean {
  const presses = parseKeybinding(keys);
  return presses.length === 1 && matchKeybindingPress(event, presses[0]);
}

/** Undo and its like belong to the field that is being typed in. */
function isSafeWhileTyping(keys: string): boolean {
  return /^(\$mod|Control|Meta|Alt)\+/.test(keys) && !/^\$mod\+(Shift\+)?(z|y|a|c|x|v|Arrow\w+|Backspace)$/i.test(keys);
}

/** Whether a key is what works the control that is seen to have the focus; one that was clicked with a mouse has it unseen. */
function isOfControl({ target, key, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (altKey || ctrlKey || metaKey || !(target instanceof HTMLElement) || !target.matches(':focus-visible'))
    return false;
  if (key === 'Enter') return target.matches('button, a[href], summary');
  if (key === ' ') return target.matches('button, summary, [type=checkbox], [type=radio]');
  return /^(Arrow|Page|Home|End)/.test(key) && target.matches('[type=radio], [type=range]');
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog[open]') !== null) return true;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'range', 'button', 'color', 'file'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** Keys as people read them: `⌘Z` on a Mac, `Ctrl+Z` elsewhere. */
export function readableKeys(keys: string, isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)): string {
  const names: Partial<Record<string, string>> = isMac
    ? { $mod: '⌘', Control: '⌃', Meta: '⌘', Alt: '⌥', Shift: '⇧' }
    : { $mod: 'Ctrl', Meta: 'Win', Control: 'Ctrl' };
  const arrows: Partial<Record<string, string>> = {
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
    Delete: 'Del',
    ' ': 'Space',
  };
  /* A sign that stands above another one is read as itself: `?`, not `Shift+?`. */
  return keys
    .replace(/^Shift\+([^\p{L}\p{N}\s])$/u, '$1')
    .split(/\+(?=.)/)
    .map(
      (part) =>
        names[part] ?? arrows[part] ?? (part.length === 1 ? part.toUpperCase() : part.replace(/^(Key|Digit)/, '')),
    )
    .join(isMac ? '' : '+');
}
