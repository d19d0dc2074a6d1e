import { openSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Log } from './log.ts';
import { silentLog } from './log.ts';

/** A log that must be closed, so that its last lines are written. */
export interface LogFile extends Log {
  readonly close: () => Promise<void>;
}

/** The folder of logs within the folder of what is remembered. */
export function logFolder(stateFolder: string): string {
  return join(stateFolder, 'logs');
}

/** The file of the engine's log. */
export function logPath(stateFolder: string): string {
  return join(logFolder(stateFolder), 'engine.log');
}

const largest = 5 * 2 ** 20;

/** So many characters wait for a disk that takes none; what is said beyond is not kept. */
const mostWaiting = 2 ** 20;

/**
 * Opens `engine.log` in a folder, one JSON object a line; a large one is first put aside as `engine.1.log`. A disk that is
 * full or gone costs the log, never the engine.
 */
export async function openLogFile(folder: string): Promise<LogFile> {
  const path = join(folder, 'engine.log');
  const destination = await openDestination(folder, path);
  if (destination === undefined) return { ...silentLog, close: () => Promise.resolve() };
  destination.on('error', () => undefined);
  const logger = pino({ base: { pid: process.pid } }, destination);
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    close: () =>
      new Promise((resolve) => {
        destination.once('close', resolve);
        // What the disk does not take now is not waited for.
        destination.once('error', () => {
          destination.destroy();
        });
        destination.end();
      }),
  };
}

/** The open file; undefined where it cannot be opened. */
async function openDestination(folder: string, path: string): Promise<ReturnType<typeof pino.destination> | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.size > largest) await rename(path, join(folder, 'engine.1.log'));
    const file = openSync(path, 'a');
    return pino.destination({ dest: file, sync: false, maxLength: mostWaiting });
  } catch {
    return undefined;
  }
}
