import type { JobMessage } from '../job.ts';

/** The images that a job has in hand from now on. */
export interface WorkingMessage {
  readonly event: 'working';
  readonly files: readonly string[];
  /** Process id of the worker. */
  readonly worker: number | undefined;
}

/** A worker has died over its job; another one will go on from the last state that was seen. */
export interface InterruptedMessage {
  readonly event: 'interrupted';
  readonly reason: string;
  /** Counts the deaths over this job from 1. */
  readonly attempt: number;
  readonly retryInMilliseconds: number;
  /** Images that are left out from now on. */
  readonly quarantined: readonly string[];
}

/** A job goes on with another worker. */
export interface ResumedMessage {
  readonly event: 'resumed';
}

/** What is said of a job while it is being done. */
export type SupervisedMessage = JobMessage | WorkingMessage | InterruptedMessage | ResumedMessage;
