import { doorWorkers } from '../door-workers.ts';
import { createEngine } from '../engine.ts';
import { createHandlers } from '../handlers.ts';
import { logFolder, logPath, openLogFile } from '../log-file.ts';
import { defaultStateFolder } from '../state-folder.ts';
import { keepYoungGenerationSmall } from '../young-generation.ts';
import { listenOnPipe } from './listen-pipe.ts';

/** A door on a pipe, with its engine. */
export interface PipeDoor {
  /** The file of the engine's log. */
  readonly log: string;
  /** Resolves when someone asks the engine to end. */
  readonly ended: Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts an engine and opens a door on a pipe for the desktop shell. **Throws** as `listenOnPipe`. */
export async function servePipe(path: string): Promise<PipeDoor> {
  const stateFolder = defaultStateFolder();
  const log = await openLogFile(logFolder(stateFolder));
  const engine = createEngine({ stateFolder, log, workers: doorWorkers });
  const closeAll = async () => {
    await engine.close();
    await log.close();
  };
  try {
    const closeDoor = await listenOnPipe(engine, createHandlers(engine), path);
    keepYoungGenerationSmall();
    log.info({}, 'the door on the pipe is open');
    return {
      log: logPath(stateFolder),
      ended: new Promise((resolve) => {
        engine.onShutdown(resolve);
      }),
      close: async () => {
        await closeDoor();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
