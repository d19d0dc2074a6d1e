import type { SmallCopyKey } from '../imaging/decode.ts';
import type { ErrorData } from './error-data.ts';
import type { ProviderName } from '../runtime/providers.ts';
import type { JobMessage } from './job.ts';

/*
 * What the engine and a worker say to each other: plain data over the fork channel with advanced serialisation. One
 * job at a time; every message of a job carries its number, so that late answers are told from present ones.
 */

/** What a worker needs to begin a job. */
export interface JobStart {
  readonly kind: string;
  readonly request: unknown;
  readonly seed: number;
  readonly threads: number;
  readonly provider: ProviderName;
  /** A state to go on from. */
  readonly resume?: Uint8Array | undefined;
  /** Whether small copies are kept: then `read` and `write` are answered. */
  readonly cached: boolean;
  /** Whether frames are wanted. */
  readonly film: boolean;
  /** Images that were in hand when a worker died: each is to be worked on while no other is. */
  readonly suspects: readonly string[];
  /** Images that may not be opened any more, and why. */
  readonly quarantined: readonly (readonly [image: string, reason: string])[];
}

/** What the engine says. */
export type ToWorker =
  | { readonly type: 'start'; readonly job: number; readonly start: JobStart }
  | { readonly type: 'cancel'; readonly job: number }
  /** The job is not asked for more until `continue`. */
  | { readonly type: 'pause'; readonly job: number }
  | { readonly type: 'continue'; readonly job: number }
  /** So many messages have been taken; a worker stops when too many have not been. */
  | { readonly type: 'taken'; readonly job: number; readonly count: number }
  /** The answer to `read`. */
  | { readonly type: 'kept'; readonly ask: number; readonly pixels: Uint8Array | undefined }
  /** Load what these kinds need while there is nothing to do. */
  | { readonly type: 'prepare'; readonly kinds: readonly string[] }
  /** Leave; nothing more will be asked. */
  | { readonly type: 'end' };

/** What a worker says. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'message'; readonly job: number; readonly message: JobMessage }
  | { readonly type: 'result'; readonly job: number; readonly result: unknown; readonly rss: number }
  | { readonly type: 'failed'; readonly job: number; readonly error: ErrorData; readonly rss: number }
  /** The job has stopped because it was cancelled. */
  | { readonly type: 'cancelled'; readonly job: number; readonly rss: number }
  /** All images in hand from now on. Sent before the first of them is opened. */
  | { readonly type: 'working'; readonly job: number; readonly files: readonly string[] }
  | { readonly type: 'read'; readonly ask: number; readonly key: SmallCopyKey }
  | { readonly type: 'write'; readonly key: SmallCopyKey; readonly pixels: Uint8Array }
  /** Resident memory in bytes. */
  | { readonly type: 'heartbeat'; readonly rss: number };

/** How often a worker says that it lives, in milliseconds. */
export const heartbeatEvery = 1000;

/** A worker stops when so many of its messages have not been taken. */
export const messageWindow = 64;

/** Stage of the state that is kept when only the images have been read: it holds nothing but what they were. */
export const imagesStage = 'images read';

/** Code of the failure that stands for an image which is not opened any more because workers died over it. */
export const quarantinedCode = 'image-quarantined';
