import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';

/** What a write meets: a disk that is full, or one that is broken; once, or from there on. */
export interface Fault {
  /** Which write fails, the first one being 1. */
  readonly at: number;
  readonly code: 'ENOSPC' | 'EIO';
  readonly lasting: boolean;
}

/** Every kind of fault, wherever it happens. */
export const faultKinds: readonly Omit<Fault, 'at'>[] = [
  { code: 'ENOSPC', lasting: true },
  { code: 'EIO', lasting: false },
  { code: 'ENOSPC', lasting: false },
  { code: 'EIO', lasting: true },
];

/** Names of what a process must be told in its environment. */
export const variables = { below: 'CONGEAL_FAULTS_BELOW', control: 'CONGEAL_FAULTS_CONTROL' } as const;

/** The faults of all processes that share a file, see `faults.c`. */
export interface FaultControl {
  /** Counts writes from 0 again and lets the chosen one fail, and later ones where the fault is lasting. */
  readonly arm: (fault: Fault) => void;
  /** No write fails any more; counts go on from 0. */
  readonly lift: () => void;
  /** Writes since the last change, and how many of them have failed. */
  readonly counts: () => { readonly seen: number; readonly failed: number };
  readonly close: () => void;
}

/** Opens the file that holds the faults; with `make` it is made, and no write fails. */
export function openFaultControl(path: string, make: 'make' | 'there' = 'there'): FaultControl {
  const file = openSync(path, make === 'make' ? 'w+' : 'r+');
  const set = (at: number, error: number, lasting: boolean): void => {
    // Nothing may fail while the numbers change.
    for (const values of [
      [0, 0, 0, 0, 0],
      [0, at, error, Number(lasting), 0],
    ])
      writeSync(file, BigInt64Array.from(values, BigInt), 0, undefined, 0);
  };
  const lift = (): void => {
    set(0, 0, false);
  };
  if (make === 'make') lift();
  return {
    arm: ({ at, code, lasting }) => {
      set(at, constants.errno[code], lasting);
    },
    lift,
    counts: () => {
      const values = new BigInt64Array(5);
      readSync(file, values, { position: 0 });
      return { seen: Number(values[0]), failed: Number(values[4]) };
    },
    close: () => {
      closeSync(file);
    },
  };
}
