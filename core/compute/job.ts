import type { EngineMessage } from '../contract/events.ts';
import type { SmallCopyCache } from '../imaging/decode.ts';

/** A learner's state to be kept: bytes that the same job accepts as `resume`. */
export interface CheckpointMessage {
  readonly event: 'checkpoint';
  readonly stage: string;
  readonly bytes: Uint8Array;
}

/** What a job says while it computes. */
export type JobMessage = EngineMessage | CheckpointMessage;

/** What every job is given besides its own request. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly seed: number;
  readonly threads: number;
  readonly provider: 'cpu';
  readonly resume?: Uint8Array | undefined;
  /** Where small copies of images are kept between runs. */
  readonly cache?: SmallCopyCache | undefined;
}
