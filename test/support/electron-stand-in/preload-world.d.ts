/** Runs a preload script; see the file itself. */
export function preloadWorld(
  preload: (...given: readonly unknown[]) => void,
  invokeName: string,
  hiddenName: string,
): void;
