import { setTimeout as wait } from 'node:timers/promises';

/** How long answers took, in milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** Asks again and again while something is going on, `every` milliseconds, and says how long the answers took. */
export async function latenciesWhile(
  during: Promise<unknown>,
  ask: () => Promise<unknown>,
  every = 20,
): Promise<Latencies> {
  const taken: number[] = [];
  const ended = during.then(
    () => true,
    () => true,
  );
  for (;;) {
    const asked = performance.now();
    await ask();
    taken.push(performance.now() - asked);
    if (await Promise.race([ended, wait(every, false)])) return summarise(taken);
  }
}

function summarise(taken: number[]): Latencies {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Number(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(2));
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), worst: at(1) };
}
