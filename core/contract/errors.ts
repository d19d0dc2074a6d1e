/** Every way in which something that is not a bug can go wrong. A closed set: doors and tests match on it. */
export type ErrorCode =
  | 'usage'
  | 'input-missing'
  | 'input-empty'
  | 'input-unreadable'
  | 'too-few-images'
  | 'images-identical'
  | 'images-blank'
  | 'model-invalid'
  | 'model-unsuitable'
  | 'model-incompatible'
  | 'output-unwritable'
  | 'output-not-empty'
  | 'disk-full'
  | 'disk-failed'
  | 'project-invalid'
  | 'project-newer'
  | 'project-locked'
  | 'checkpoint-missing'
  | 'checkpoint-mismatch'
  | 'diverged'
  | 'unsupported'
  | 'images-failed'
  | 'image-quarantined'
  | 'project-read-only'
  | 'worker-lost'
  | 'part-missing'
  | 'cancelled'
  | 'not-found'
  | 'conflict'
  | 'malformed'
  | 'unauthorised'
  | 'forbidden'
  | 'method-not-allowed'
  | 'too-large'
  | 'unsupported-media'
  | 'too-many'
  | 'timed-out'
  | 'unavailable'
  | 'internal'
  | 'old-node';

/** What an error may carry besides its message. */
export interface ErrorOptionsWithDetails {
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Something that happens in the world (not a bug, not a cancellation). Its message says what went wrong, with which
 * thing, what was found, what was expected and what to do.
 */
export class CongealError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: ErrorOptionsWithDetails = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CongealError';
    this.code = code;
    this.details = options.details ?? {};
  }
}
