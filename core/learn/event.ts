import type { Matrix3 } from '../geometry/matrix.ts';
import type { ProviderName } from '../runtime/providers.ts';
import type { Checkpoint } from './checkpoint.ts';

/** How far a learner has come; `phase` is one plain word, `loss` the latest training loss where there is one. */
export interface ProgressEvent {
  readonly kind: 'progress';
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
}

/** A state from which the same learner can go on and end with the same bytes. */
export interface CheckpointEvent {
  readonly kind: 'checkpoint';
  readonly state: Checkpoint;
}

/** Something a person should know while it works. */
export interface NoteEvent {
  readonly kind: 'note';
  readonly message: string;
}

/** How one image lies just now: the canonical frame to unit coordinates of the image. */
export interface ImagePose {
  readonly id: string;
  readonly toUnit: Matrix3;
}

/** How the images lie just now, to be shown; worked out only when asked, and before the learner is asked for more. */
export interface PosesEvent {
  readonly kind: 'poses';
  readonly phase: string;
  readonly poses: () => readonly ImagePose[] | Promise<readonly ImagePose[]>;
}

/** What a learner yields while it works. */
export type LearnEvent = ProgressEvent | CheckpointEvent | NoteEvent | PosesEvent;

/** What every learner is given besides its images and options. */
export interface LearnContext {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly resume?: Checkpoint | undefined;
  readonly threads?: number | undefined;
  /** Where networks are trained; all else is computed on the processor. */
  readonly provider?: ProviderName | undefined;
  /** Whether graphs are simplified before they run; they are unless this is false. */
  readonly optimise?: boolean | undefined;
}
