/** How far a run has come; `total` 0 means not known yet. */
export interface ProgressMessage {
  readonly event: 'progress';
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
}

/** One image that could not be used: the file, a closed code, and the reason in words. */
export interface FailureMessage {
  readonly event: 'failure';
  readonly file: string;
  readonly code: string;
  readonly reason: string;
}

/** Something worth a line that is neither progress nor a failure. */
export interface NoteMessage {
  readonly event: 'note';
  readonly message: string;
}

/** A figure of a finished run: numbers with plain names. */
export type Figures = Readonly<Record<string, number | string | boolean | null>>;

/** The end of a use-case: what was written where, and the figures. */
export interface DoneMessage {
  readonly event: 'done';
  readonly command: string;
  readonly out?: string;
  readonly written: readonly string[];
  readonly images: number;
  readonly failed: number;
  readonly seconds: number;
  readonly figures: Figures;
}

/** What the engine says while it works. */
export type EngineMessage = ProgressMessage | FailureMessage | NoteMessage;
