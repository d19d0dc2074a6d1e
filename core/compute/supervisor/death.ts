/** How a worker came to its end without being asked to. */
export interface Death {
  /** In words, for people. */
  readonly reason: string;
  /**
   * How much the images in hand are to be suspected: 4 for a crash, a hang or too much memory, 1 for a kill that may as
   * well have come from outside, 0 for what the supervisor did for other reasons.
   */
  readonly suspicion: number;
  /** The last lines that the worker wrote on its standard error. */
  readonly lastWords: string;
}

/** Signals that a process gets for what it did itself. */
const crashes: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS']);

/** How much the images in hand are to be suspected for each kind of death; eight is enough to leave an image out. */
export const suspicions = { none: 0, outside: 1, own: 4 } as const;

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
  if (signal === null) return { reason: `it ended with status ${code ?? 0}`, suspicion: suspicions.own, lastWords };
  if (crashes.has(signal)) return { reason: `it crashed (${signal})`, suspicion: suspicions.own, lastWords };
  if (signal === 'SIGKILL' && outOfMemory)
    return { reason: 'the system killed it for want of memory', suspicion: suspicions.own, lastWords };
  return { reason: `it was killed (${signal})`, suspicion: suspicions.outside, lastWords };
}
