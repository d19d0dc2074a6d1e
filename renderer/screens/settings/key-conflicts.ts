import type { UserCommand } from '../../state/commands.svelte.ts';

/** The whole program's commands are there on every screen; others only meet those of their own heading. */
const everywhere = new Set(['Go to', 'Edit', 'Project', 'Help', 'View']);

/** Titles of the commands that want the same keys at the same time, by command. */
export function conflictsOf(
  commands: readonly UserCommand[],
  keysOf: (command: UserCommand) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const meet = (a: UserCommand, b: UserCommand) =>
    a.id !== b.id && (a.group === b.group || everywhere.has(a.group) || everywhere.has(b.group));
  const found = new Map<string, readonly string[]>();
  for (const command of commands) {
    const keys = new Set(keysOf(command).map(spelled));
    const others = commands.filter(
      (other) => meet(command, other) && keysOf(other).some((one) => keys.has(spelled(one))),
    );
    if (others.length > 0)
      found.set(
        command.id,
        others.map(({ title }) => title),
      );
  }
  return found;
}

/** Keys in one spelling: modifiers in order, letters small. */
function spelled(keys: string): string {
  const parts = keys.split('+');
  const key = parts.pop() ?? '';
  return [...parts.sort(), key.toLowerCase()].join('+');
}

/** A key press in the grammar of bindings; undefined while only modifiers are down. */
export function keysOfPress(
  press: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  isMac: boolean,
): string | undefined {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph'].includes(press.key)) return undefined;
  const isMod = isMac ? press.metaKey : press.ctrlKey;
  const parts = [
    ...(isMod ? ['$mod'] : []),
    ...(isMac && press.ctrlKey ? ['Control'] : []),
    ...(!isMac && press.metaKey ? ['Meta'] : []),
    ...(press.altKey ? ['Alt'] : []),
    ...(press.shiftKey ? ['Shift'] : []),
  ];
  // With Alt, a key says another letter on many keyboards: there its place counts.
  const key = press.altKey ? press.code : press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return [...parts, key].join('+');
}
