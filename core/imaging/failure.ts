/** Every way in which one image file can fail without ending the run. A closed set: doors and tests match on it. */
export type ImageFailureCode =
  | 'missing'
  | 'unreadable'
  | 'not-a-file'
  | 'empty'
  | 'too-many-bytes'
  | 'too-many-pixels'
  | 'not-an-image'
  | 'unsupported-format'
  | 'truncated'
  | 'damaged'
  | 'timed-out';

/** Why one image file cannot be used: a code for programs, a sentence for people. */
export interface ImageFailure {
  readonly ok: false;
  readonly code: ImageFailureCode;
  /** What was found, what was expected and what to do, in plain words. */
  readonly reason: string;
}

/** What came of one image file: its value, or why there is none. Broken files are results, never exceptions. */
export type ImageResult<T> = { readonly ok: true; readonly value: T } | ImageFailure;

/** How much one image may ask for before it is refused. */
export interface ImageLimits {
  /** Most pixels, width x height as stored. */
  readonly pixels: number;
  /** Most bytes of the file. */
  readonly bytes: number;
  /** Most seconds that decoding may take. */
  readonly seconds: number;
}

/** How a file is opened and decoded. */
export interface ReadOptions {
  readonly limits?: Partial<ImageLimits> | undefined;
  /** Takes what can be saved of cut or damaged files instead of refusing them; default false. */
  readonly allowDamage?: boolean | undefined;
}

/** 268 megapixels, 1 GB, 2 minutes: enough for any camera or slide scanner, too little to take the machine down. */
const defaultLimits: ImageLimits = { pixels: 268_000_000, bytes: 1_000_000_000, seconds: 120 };

/** The limits in force: the defaults, with those that the caller names in their place. */
export function limitsOf(options: ReadOptions): ImageLimits {
  return { ...defaultLimits, ...options.limits };
}

/** What to do about a file that is too large: whoever sets limits can also raise them. */
export function makeSmaller({ limits }: ReadOptions): string {
  return `Make it smaller${limits === undefined ? '' : ', or raise the limit in the settings'}.`;
}

/** Makes a failure. */
export function fail(code: ImageFailureCode, reason: string): ImageFailure {
  return { ok: false, code, reason };
}

/** Wraps a value as a success. */
export function succeed<T>(value: T): ImageResult<T> {
  return { ok: true, value };
}

/** Turns an error of the file system into a failure. */
export function fileFailure(error: unknown): ImageFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return fail('missing', 'There is no such file. It may have been moved or deleted since the folder was read.');
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return fail('unreadable', 'The file may not be read by this user. Change its permissions and try again.');
  }
  if (code === 'EISDIR') return fail('not-a-file', 'This is a folder, not a file.');
  const what = error instanceof Error ? error.message : String(error);
  return fail('unreadable', `The file could not be read (${what}). Check the disk or the network connection.`);
}

/** Writes a number of pixels for people: `268 megapixels`. */
export function megapixels(pixels: number): string {
  return `${Math.round(pixels / 1e6).toLocaleString('en')} megapixels`;
}
