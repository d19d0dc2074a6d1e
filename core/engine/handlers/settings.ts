import type { Settings } from '../../contract/commands/settings.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';

/** Settings of the program. */
export function settingsHandlers({ settings, hub }: Engine): GroupHandlers<'settings'> {
  const told = (changed: Settings): Settings => {
    hub.publish({ event: 'settings-changed', settings: changed });
    return changed;
  };
  return {
    read: () => settings.read(),
    change: ({ body }) => told(settings.change(withoutUndefined(body))),
    reset: () => told(settings.reset()),
  };
}

function withoutUndefined(changes: {
  readonly [Key in keyof Settings]?: Settings[Key] | undefined;
}): Partial<Settings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
