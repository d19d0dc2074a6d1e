import type { DigitTask } from './digit-sets.ts';

/** One training of a table. */
export interface TableEntry {
  readonly task: DigitTask;
  readonly network: string;
  readonly family: string | null;
  readonly errorPercent: number;
  readonly seconds: number;
}

/** Errors in percent that were published for R, RTS, P, E. */
const published: readonly (readonly [network: string, family: string | null, errors: readonly number[]])[] = [
  ['fcn', null, [2.1, 5.2, 3.1, 3.2]],
  ['cnn', null, [1.2, 0.8, 1.5, 1.4]],
  ['st-fcn', 'affine', [1.2, 0.8, 1.5, 2.7]],
  ['st-fcn', 'projective', [1.3, 0.9, 1.4, 2.6]],
  ['st-fcn', 'tps16', [1.1, 0.8, 1.4, 2.4]],
  ['st-cnn', 'affine', [0.7, 0.5, 0.8, 1.2]],
  ['st-cnn', 'projective', [0.8, 0.6, 0.8, 1.3]],
  ['st-cnn', 'tps16', [0.7, 0.5, 0.8, 1.1]],
];

/** The mean error in percent over the seeds; undefined where there was no such training. */
export function meanBy(
  entries: readonly TableEntry[],
  task: DigitTask,
  network: string,
  family: string | null,
): number | undefined {
  const found = entries.filter((one) => one.task === task && one.network === network && one.family === family);
  if (found.length === 0) return undefined;
  return Number((found.reduce((sum, one) => sum + one.errorPercent, 0) / found.length).toFixed(2));
}

/** Rows of the table of distorted digits: ours, as a mean over the seeds, beside the published error. */
export function distortedTable(entries: readonly TableEntry[]): Record<string, unknown>[] {
  return published.flatMap(([network, family, errors]) => {
    const cells = (['R', 'RTS', 'P', 'E'] as const).map((task, i) => {
      const mean = meanBy(entries, task, network, family);
      return [task, mean === undefined ? null : { ours: mean, published: errors[i] }] as const;
    });
    if (cells.every(([, cell]) => cell === null)) return [];
    const own = entries.filter((one) => one.network === network && one.family === family);
    const seconds = own.reduce((sum, one) => sum + one.seconds, 0) / own.length;
    return [
      {
        table: 'error in percent',
        network,
        family,
        ...Object.fromEntries(cells),
        secondsPerRun: Number(seconds.toFixed(1)),
      },
    ];
  });
}
