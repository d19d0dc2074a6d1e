import { CongealError } from '../../contract/errors.ts';
import type { Checkpoint, Json } from '../checkpoint.ts';
import type { CheckpointEvent } from '../event.ts';
import type { Alignment } from './alignment.ts';

/** Everything that joint alignment needs to go on; all else is computed anew and comes out the same. */
export interface CongealState {
  /** Number of steps of the recipe that are done. */
  readonly done: number;
  /** First templates still to grow, by place in the trial set, with the alignment each gave. */
  readonly anchors: readonly Alignment[];
  /** Candidates that have grown, and how far their templates stand out in the images. */
  readonly candidates: readonly { readonly alignment: Alignment; readonly prominence: number }[];
  /** The alignment of the core set. */
  readonly core: Alignment | null;
  /** Alignments of the other images, chunk by chunk. */
  readonly others: readonly Alignment[];
  readonly history: readonly number[];
}

export const freshState: CongealState = {
  done: 0,
  anchors: [],
  candidates: [],
  core: null,
  others: [],
  history: [],
};

/** The event that saves a state; `fingerprint` ties it to its images, options and seed. */
export function checkpointOf(state: CongealState, fingerprint: string): CheckpointEvent {
  const values = { fingerprint, state: state as unknown as Json };
  return { kind: 'checkpoint', state: { stage: 'congeal', values, tensors: {} } };
}

/** Reads a state back. **Throws** CongealError `checkpoint-mismatch` when it belongs to another run. */
export function stateOf(checkpoint: Checkpoint, fingerprint: string): CongealState {
  if (checkpoint.stage !== 'congeal' || checkpoint.values.fingerprint !== fingerprint) {
    throw new CongealError(
      'checkpoint-mismatch',
      'The checkpoint belongs to a run with other images, options or another seed. Start again without resuming, or with the same images and options.',
    );
  }
  return structuredClone(checkpoint.values.state) as unknown as CongealState;
}

/** A text that differs when the images' names and sizes, the options or the seed differ. */
export function fingerprintOf(parts: readonly (string | number | boolean)[]): string {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (const character of parts.join('\n')) {
    const code = character.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b + code, 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
