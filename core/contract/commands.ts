import type { Command } from './command.ts';
import { annotations } from './commands/annotations.ts';
import { exports } from './commands/exports.ts';
import { folders } from './commands/folders.ts';
import { groups } from './commands/groups.ts';
import { history } from './commands/history.ts';
import { images } from './commands/images.ts';
import { landmarks } from './commands/landmarks.ts';
import { models } from './commands/models.ts';
import { pictures } from './commands/pictures.ts';
import { projects } from './commands/projects.ts';
import { providers } from './commands/providers.ts';
import { runs } from './commands/runs.ts';
import { settingsCommands } from './commands/settings.ts';
import { system } from './commands/system.ts';
import { tags } from './commands/tags.ts';
import { transforms } from './commands/transforms.ts';
import { uploads } from './commands/uploads.ts';

/** Everything that can be asked of the engine, by group and name. Doors, client, document and tests derive from it. */
export const commands = {
  projects,
  images,
  pictures,
  tags,
  groups,
  runs,
  transforms,
  annotations,
  landmarks,
  exports,
  models,
  providers,
  settings: settingsCommands,
  history,
  folders,
  uploads,
  system,
} satisfies Record<string, Record<string, Command>>;

export type Commands = typeof commands;

/** A command's full name, such as `images.page`. */
export type CommandName = {
  [Group in keyof Commands]: `${Group}.${keyof Commands[Group] & string}`;
}[keyof Commands];

/** The command of a full name. */
export type CommandOf<Name extends CommandName> = Name extends `${infer Group extends keyof Commands}.${infer Key}`
  ? Key extends keyof Commands[Group]
    ? Commands[Group][Key] extends Command
      ? Commands[Group][Key]
      : never
    : never
  : never;

/** Every command with its full name, in the order of the table. */
export function listCommands(): readonly (readonly [name: CommandName, command: Command])[] {
  return Object.entries(commands).flatMap(([group, members]) =>
    Object.entries<Command>(members).map(([key, command]) => [`${group}.${key}` as CommandName, command] as const),
  );
}
