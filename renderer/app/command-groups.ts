import type { UserCommand } from '../state/commands.svelte.ts';

/** Commands under their headings: those whose title, heading or name holds every word; the order of headings is that of their first command. */
export function groupCommands(
  commands: Iterable<UserCommand>,
  wanted = '',
): readonly { readonly group: string; readonly commands: readonly UserCommand[] }[] {
  const words = wanted.toLowerCase().split(/\s+/);
  const groups = new Map<string, UserCommand[]>();
  for (const command of commands) {
    const text = `${command.title} ${command.group} ${command.id}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const group = groups.get(command.group);
    if (group === undefined) groups.set(command.group, [command]);
    else group.push(command);
  }
  return [...groups].map(([group, list]) => ({ group, commands: list }));
}
