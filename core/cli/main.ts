import './node-guard.js';
import { Command, CommanderError } from 'commander';
import { CongealError } from '../contract/errors.ts';
import type { CommandContext } from './command-context.ts';
import { addAlign } from './commands/align.ts';
import { addApply } from './commands/apply.ts';
import { addBench } from './commands/bench.ts';
import { addDemo } from './commands/demo.ts';
import { addExport } from './commands/export.ts';
import { addFind } from './commands/find.ts';
import { addScore } from './commands/score.ts';
import { addStart } from './commands/start.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';

/**
 * Runs the command line.
 *
 * @param argv - the words after the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  });
  const program = new Command('congeal')
    .description(
      'Finds the common object in every image, brings all images into one canonical pose, exports the dataset.',
    )
    .exitOverride()
    .showHelpAfterError('(add --help for what is possible)')
    .helpCommand(false)
    .addHelpText('after', '\nExample:\n  congeal demo --out congeal-demo');
  const context: CommandContext = {
    argv,
    finish: (status) => {
      process.exitCode = status;
    },
  };
  for (const add of [addDemo, addFind, addAlign, addApply, addExport, addScore, addBench, addStart])
    add(program, context);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, argv.includes('--json'));
  }
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const status = exitCodeOf(error);
  if (error instanceof CongealError) {
    if (json) process.stdout.write(`${JSON.stringify({ event: 'error', code: error.code, message: error.message })}\n`);
    process.stderr.write(`congeal: ${error.message.replaceAll('\n', ' ')}\n`);
  } else
    process.stderr.write(
      `congeal: this is a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  return status;
}
