import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import { doorWorkers } from '../door-workers.ts';
import { createEngine } from '../engine.ts';
import { createHandlers } from '../handlers.ts';
import { logFolder, openLogFile } from '../log-file.ts';
import { projectFileName } from '../outputs.ts';
import { openProjectFile } from '../projects/open-close.ts';
import { defaultStateFolder } from '../state-folder.ts';
import { keepYoungGenerationSmall } from '../young-generation.ts';
import { createDoorFiles } from './door-files.ts';
import type { Door } from './listen.ts';
import { listen } from './listen.ts';

/** What a browser door is opened with. */
export interface ServeOptions {
  readonly port?: number | undefined;
  readonly roots?: readonly string[] | undefined;
  /** A project file to open at once, or an output folder that has one. */
  readonly project?: string | undefined;
}

/** A browser door with its engine. */
export interface BrowserDoor extends Pick<Door, 'address' | 'port' | 'oneTimeAddress'> {
  /** Why the project can only be looked at; undefined where it can be changed or none was named. */
  readonly readOnlyReason: string | undefined;
  /** Resolves when someone asks the engine to end. */
  readonly ended: Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Starts an engine and opens a door for browsers of this machine.
 *
 * **Throws** CongealError `usage` (the port), `input-missing` (a root), and as `openProject` for the project.
 */
export async function serveDoor({ port, roots, project }: ServeOptions): Promise<BrowserDoor> {
  for (const root of roots ?? [])
    if (!(await stat(root).catch(() => undefined))?.isDirectory())
      throw new CongealError('input-missing', `There is no folder ${root} to grant; check --root.`);
  const stateFolder = defaultStateFolder();
  const log = await openLogFile(logFolder(stateFolder));
  const engine = createEngine({ stateFolder, log, workers: doorWorkers, ...(roots === undefined ? {} : { roots }) });
  try {
    const opened =
      project === undefined
        ? undefined
        : openProjectFile(engine, await projectFileOf(project), { ifLocked: 'read-only', ifDamaged: 'refuse' });
    const door = await listen({
      engine,
      handlers: createHandlers(engine),
      files: await createDoorFiles(),
      ...(port === undefined ? {} : { port }),
    });
    keepYoungGenerationSmall();
    log.info({ port: door.port }, 'the door is open');
    return {
      port: door.port,
      address: door.address,
      oneTimeAddress: door.oneTimeAddress,
      readOnlyReason: opened?.readOnlyReason ?? undefined,
      ended: new Promise((resolve) => {
        engine.onShutdown(resolve);
      }),
      close: async () => {
        await door.close();
        await engine.close();
        await log.close();
      },
    };
  } catch (error) {
    await engine.close();
    await log.close();
    throw error;
  }
}

async function projectFileOf(path: string): Promise<string> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  return isFolder ? join(path, projectFileName) : path;
}
