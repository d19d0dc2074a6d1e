import { existsSync, readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { CongealError } from '../../contract/errors.ts';

/** What a file in the benchmark folder offers. */
interface Benchmark {
  readonly run: (emit: (figure: Record<string, unknown>) => void, words: readonly string[]) => Promise<void>;
}

const folder = resolve(import.meta.dirname, '../../../test/bench');

function benchmarkNames(): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
}

/** `congeal bench`: the benchmarks, one JSON object a line with `--json`. */
export function addBench(program: Command): void {
  program
    .command('bench [names...]')
    .allowUnknownOption()
    .description('run benchmarks (all of them without a name)')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `\nWhat follows the names, such as --seed 2, goes to the benchmark.\n\nBenchmarks: ${benchmarkNames().join(', ')}\n\nExample:\n  congeal bench find-mnist --json`,
    )
    .action(async (words: readonly string[], values: { json?: boolean }) => {
      const known = benchmarkNames();
      const firstOption = words.findIndex((word) => word.startsWith('-'));
      const names = firstOption < 0 ? words : words.slice(0, firstOption);
      const options = firstOption < 0 ? [] : words.slice(firstOption);
      for (const name of names)
        if (!known.includes(name))
          throw new CongealError('usage', `There is no benchmark '${name}'; there are: ${known.join(', ')}.`);
      for (const name of names.length > 0 ? names : known) {
        const benchmark = (await import(pathToFileURL(resolve(folder, `${name}.ts`)).href)) as Benchmark;
        const started = performance.now();
        await benchmark.run((figure) => {
          write({ bench: name, ...figure }, values.json === true);
        }, options);
        write(
          { bench: name, totalSeconds: Number(((performance.now() - started) / 1000).toFixed(1)) },
          values.json === true,
        );
      }
    });
}

function write(figure: Record<string, unknown>, json: boolean): void {
  const text = json
    ? JSON.stringify(figure)
    : Object.entries(figure)
        .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join('  ');
  process.stdout.write(`${text}\n`);
}
