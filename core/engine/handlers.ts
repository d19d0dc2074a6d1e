import type { Commands } from '../contract/commands.ts';
import { commands } from '../contract/commands.ts';
import { CongealError } from '../contract/errors.ts';
import type { Engine } from './engine.ts';
import type { GroupHandlers, Handlers } from './handler.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { systemHandlers } from './handlers/system.ts';

/** Answers for all commands: a command without handler does not compile. */
export function createHandlers(engine: Engine): Handlers {
  return {
    projects: pending('projects'),
    images: pending('images'),
    pictures: pending('pictures'),
    tags: pending('tags'),
    groups: pending('groups'),
    runs: pending('runs'),
    transforms: pending('transforms'),
    annotations: pending('annotations'),
    landmarks: pending('landmarks'),
    exports: pending('exports'),
    models: pending('models'),
    providers: pending('providers'),
    settings: settingsHandlers(engine),
    history: pending('history'),
    folders: pending('folders'),
    uploads: pending('uploads'),
    system: systemHandlers(engine),
  };
}

function pending<Group extends keyof Commands>(group: Group): GroupHandlers<Group> {
  const refuse = () => {
    throw new CongealError('unavailable', `Commands of '${group}' are not offered yet.`);
  };
  return Object.fromEntries(
    Object.keys(commands[group]).map((key) => [key, refuse]),
  ) as unknown as GroupHandlers<Group>;
}
