import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import { createCommandWorkers } from '../engine/command-workers.ts';
import type { UseCaseContext } from '../engine/use-case.ts';
import { takeAll } from '../engine/use-case.ts';
import { exitCodes } from './exit-codes.ts';
import { createOutput } from './output.ts';
import { stillGoing } from './still-going.ts';

/** How the command line treats one use-case. */
export interface UseCaseManners {
  readonly json: boolean;
  readonly strict: boolean;
  /** What is said after Ctrl-C: what is kept, and how to go on. */
  readonly cancelled: string;
  readonly summary: (done: DoneMessage) => readonly string[];
}

/** How long workers may take to leave after Ctrl-C, in milliseconds: they hold nothing that is not kept. */
const hurry = 100;

/**
 * Runs a use-case to its end: shows what it says, cancels it on Ctrl-C, and returns the exit status.
 *
 * **Throws** whatever the use-case throws, except its own cancellation.
 */
export async function runUseCase(
  start: (context: UseCaseContext) => AsyncGenerator<EngineMessage, DoneMessage>,
  manners: UseCaseManners,
): Promise<number> {
  const output = createOutput(manners.json);
  const still = stillGoing(output.say);
  const cancellation = new AbortController();
  const workers = createCommandWorkers();
  const cancel = () => {
    if (cancellation.signal.aborted) process.exit(exitCodes.cancelled);
    still.end();
    process.stderr.write('\nstopping, one moment (again to stop at once)\n');
    cancellation.abort();
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  try {
    const messages = start({ signal: cancellation.signal, workers });
    const done = await takeAll(messages, still.say);
    still.end();
    output.done(done, manners.summary(done));
    return manners.strict && done.failed > 0 ? exitCodes.failed : exitCodes.ok;
  } catch (error) {
    if (!cancellation.signal.aborted) throw error;
    output.end();
    process.stderr.write(`${manners.cancelled}\n`);
    return exitCodes.cancelled;
  } finally {
    still.end();
    output.end();
    await workers.close(cancellation.signal.aborted ? hurry : undefined);
    process.off('SIGINT', cancel);
    process.off('SIGTERM', cancel);
  }
}
