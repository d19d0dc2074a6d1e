/** A collection that a run works on: files by name, and what is known to be unusable without opening it. */
export interface RunSource {
  readonly files: readonly { readonly id: string; readonly path: string }[];
  readonly failures: readonly {
    readonly id: string;
    readonly path: string;
    readonly code: string;
    readonly reason: string;
  }[];
}
