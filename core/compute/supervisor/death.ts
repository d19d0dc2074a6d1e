/** How a worker came to its end without being asked to. */
export interface Death {
  /** In words, for people. */
  readonly reason: string;
  /**
   * How much the images in hand are to be suspected: 1 for a crash, a hang or too much memory; less for a kill that may
   * as well have come from outside.
   */
  readonly suspicion: number;
  /** The last lines that the worker wrote on its standard error. */
  readonly lastWords: string;
}

/** Signals that a process gets for what it did itself. */
const crashes: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS']);

/** A kill from outside counts for so little that only several in a row over one image raise suspicion. */
const outside = 0.5;

/** What is known at the end of a worker process. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why the supervisor itself killed it. */
  readonly killedFor?: { readonly reason: string; readonly suspicion: number } | undefined;
  /** The system says that it killed processes for want of memory meanwhile. */
  readonly outOfMemory: boolean;
  readonly lastWords: string;
}

/** Tells what a process died of. */
export function describeDeath({ code, signal, killedFor, outOfMemory, lastWords }: Ending): Death {
  if (killedFor !== undefined) return { ...killedFor, lastWords };
  if (signal === null) return { reason: `it ended with status ${code ?? 0}`, suspicion: 1, lastWords };
  if (crashes.has(signal)) return { reason: `it crashed (${signal})`, suspicion: 1, lastWords };
  if (signal === 'SIGKILL' && outOfMemory)
    return { reason: 'the system killed it for want of memory', suspicion: 1, lastWords };
  return { reason: `it was killed (${signal})`, suspicion: outside, lastWords };
}
