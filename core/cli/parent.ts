/**
 * Resolves when the process that started this one is gone or asks it to end: standard input, which that process holds
 * open, ends with it however it dies, on every system. Signals ask too: a terminal sends them to all that it started.
 */
export function whenParentIsGone(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('error', () => resolve());
    process.stdin.resume();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    // Whoever read our output is gone too; writing must not end this process before it has closed its files.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  });
}
