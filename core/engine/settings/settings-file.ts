import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../contract/commands/settings.ts';
import { settings as schema } from '../../contract/commands/settings.ts';
import { explainWriteError } from '../../store/write-errors.ts';

const gibibyte = 2 ** 30;

/** What holds where a person has chosen nothing. */
export const defaultSettings: Settings = {
  theme: 'system',
  provider: 'auto',
  threads: null,
  workers: null,
  cacheBytes: 20 * gibibyte,
  atMostMegapixels: 268,
  atMostFileBytes: gibibyte,
  allowDamaged: false,
  reopen: true,
  keys: {},
};

/** The program's settings: read once, written whole at every change. */
export interface SettingsFile {
  readonly read: () => Settings;
  /** Changes some settings. **Throws** CongealError `disk-full`, `disk-failed` or `output-unwritable`; then nothing has changed. */
  readonly change: (changes: Partial<Settings>) => Settings;
  /** Back to the defaults. **Throws** as `change`. */
  readonly reset: () => Settings;
}

/**
 * The settings in a folder. A file that is broken or holds values that are none is set aside as
 * `settings.json.broken-N`, never deleted; what can be read of it stays in force.
 *
 * @param tell - is told in words when a file was set aside
 */
export function openSettings(folder: string, tell: (message: string) => void = () => undefined): SettingsFile {
  const path = join(folder, 'settings.json');
  let known: Settings | undefined;
  const read = () => (known ??= load(path, tell));
  const write = (next: Settings): Settings => {
    writeDurably(folder, path, `${JSON.stringify(next, null, 2)}\n`);
    return (known = next);
  };
  return {
    read,
    change: (changes) => write(schema.parse({ ...read(), ...changes })),
    reset: () => write(defaultSettings),
  };
}

function load(path: string, tell: (message: string) => void): Settings {
  if (!existsSync(path)) return defaultSettings;
  const found = parse(readFileSync(path, 'utf8'));
  if (found !== undefined) {
    const whole = schema.safeParse({ ...defaultSettings, ...found });
    if (whole.success) return whole.data;
  }
  const aside = freeName(path);
  renameSync(path, aside);
  tell(`The settings in ${path} could not be read in full; the file was set aside as ${aside}.`);
  return mergeUsable(found ?? {});
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(schema.shape, key)));
  } catch {
    return undefined;
  }
}

/** The defaults with those of the values found that fit. */
function mergeUsable(found: Readonly<Record<string, unknown>>): Settings {
  const usable = Object.entries(schema.shape).flatMap(([key, value]): [string, unknown][] => {
    const parsed = value.safeParse(found[key]);
    return parsed.success ? [[key, parsed.data]] : [];
  });
  return { ...defaultSettings, ...Object.fromEntries(usable) };
}

function freeName(path: string): string {
  for (let n = 1; ; n++) if (!existsSync(`${path}.broken-${n}`)) return `${path}.broken-${n}`;
}

/**
 * Writes a file of the program's own: whole, or as it was before.
 *
 * **Throws** CongealError `disk-full`, `disk-failed`, `output-unwritable`.
 */
export function writeDurably(folder: string, path: string, text: string): void {
  const temporary = `${path}.partial`;
  try {
    mkdirSync(folder, { recursive: true });
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainWriteError(error, path);
  }
}
