import { CongealError } from '../../contract/errors.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { CheckpointEvent } from '../event.ts';
import type { TrainingState } from '../training-loop.ts';

const stage = 'aligner';

/** The event that saves a training state; `fingerprint` ties it to its images, alignment, options and seed. */
export function voteCheckpoint({ step, rate, losses, tensors }: TrainingState, fingerprint: string): CheckpointEvent {
  return { kind: 'checkpoint', state: { stage, values: { fingerprint, step, rate, losses }, tensors } };
}

/** Reads a training state back. **Throws** CongealError `checkpoint-mismatch` when it belongs to another run. */
export function restoreVotes(checkpoint: Checkpoint, fingerprint: string): TrainingState {
  const { step, rate, losses } = checkpoint.values;
  if (checkpoint.stage !== stage || checkpoint.values['fingerprint'] !== fingerprint) {
    throw new CongealError(
      'checkpoint-mismatch',
      'The checkpoint belongs to a transformer learned from other images, options or another seed. Start again without resuming.',
    );
  }
  return { step: Number(step), rate: Number(rate), losses: losses as readonly number[], tensors: checkpoint.tensors };
}
