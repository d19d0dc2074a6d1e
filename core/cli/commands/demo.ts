import type { Command } from 'commander';
import { demoOptions } from '../../contract/options.ts';
import { demo } from '../../engine/demo.ts';
import { numeric, parseOptions } from '../arguments.ts';
import { cancelledLines } from '../cancelled.ts';
import type { CommandContext } from '../command-context.ts';
import { runUseCase } from '../run-use-case.ts';
import { summariseDemo } from '../summary.ts';

/** `congeal demo`: the whole main job on sample collections with known truth. */
export function addDemo(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('make the sample collections, find, align, export, and score against the known truth')
    .option('--out <folder>', 'where everything goes (default: congeal-demo)')
    .option('--seed <number>', 'same seed, same collections, same results', numeric)
    .option('--threads <number>', 'threads for computing', numeric)
    .option('--force', 'replace an earlier demo in the output folder')
    .option('--json', 'one JSON object a line on standard output')
    .addHelpText('after', '\nExample:\n  congeal demo --out congeal-demo')
    .action(async (values: Record<string, unknown>) => {
      const { json, ...rest } = values;
      const options = parseOptions(demoOptions, rest);
      const status = await runUseCase((useCase) => demo(options, useCase), {
        json: json === true,
        strict: false,
        cancelled: cancelledLines(context.argv, 'by beginning again, over what was written'),
        summary: summariseDemo,
      });
      context.finish(status);
    });
}
