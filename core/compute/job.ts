import type { EngineMessage } from '../contract/events.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import type { SmallCopyCache } from '../imaging/decode.ts';
import type { ProviderName } from '../runtime/providers.ts';
import type { GlancesMessage } from './glances.ts';

/** A learner's state to be kept: bytes that the same job accepts as `resume`. */
export interface CheckpointMessage {
  readonly event: 'checkpoint';
  readonly stage: string;
  readonly bytes: Uint8Array;
}

/** What a run sees at one moment: the mean of its images in their present poses. */
export interface FrameMessage {
  readonly event: 'frame';
  /** Counts the frames of a run from 0. */
  readonly index: number;
  readonly phase: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** PNG files: the mean, and its standard deviation where it was worked out (grey, 255 is a deviation of 0.5). */
  readonly mean: Uint8Array;
  readonly std?: Uint8Array;
  /** By image, those that the mean was made of: the canonical frame to unit coordinates. */
  readonly poses?: readonly { readonly id: string; readonly toUnit: Matrix3 }[];
}

/** What a job says while it computes. */
export type JobMessage = EngineMessage | CheckpointMessage | FrameMessage | GlancesMessage;

/** Which images a job has in hand: told before each is opened, so that a crash can be laid at the right door. */
export interface Hands {
  readonly begin: (image: string) => void;
  readonly end: (image: string) => void;
  /** Whether an image must be worked on while no other is: it was in hand when an earlier worker died. */
  readonly isSuspect: (image: string) => boolean;
  /** Why an image may not be opened any more; undefined for all others. */
  readonly whyQuarantined: (image: string) => string | undefined;
}

/** What every job is given besides its own request. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly seed: number;
  readonly threads: number;
  /** Where networks are trained. */
  readonly provider: ProviderName;
  readonly resume?: Uint8Array | undefined;
  /** Where small copies of images are kept between runs. */
  readonly cache?: SmallCopyCache | undefined;
  /** Whether frames are wanted while it works. */
  readonly film?: boolean | undefined;
  /** Whom to tell which images are in hand; nobody where it is left out. */
  readonly hands?: Hands | undefined;
}

/** Work with messages on its way, or work that only has an answer: plain data in, plain data out. */
export type Job<Request, Result> = (
  request: Request,
  context: JobContext,
) => AsyncGenerator<JobMessage, Result> | Promise<Result>;
