/** What every command gets: the words it was called with, and where to leave its exit status. */
export interface CommandContext {
  readonly argv: readonly string[];
  readonly finish: (status: number) => void;
}
