import './node-guard.js';
import { Command, CommanderError } from 'commander';
import { CongealError } from '../contract/errors.ts';
import type { CommandContext } from './command-context.ts';
import { addAlign } from './commands/align.ts';
import { addApply } from './commands/apply.ts';
import { addBench } from './commands/bench.ts';
import { addDemo } from './commands/demo.ts';
import { addEngine } from './commands/engine.ts';
import { addExport } from './commands/export.ts';
import { addFind } from './commands/find.ts';
import { addLearn } from './commands/learn.ts';
import { addScore } from './commands/score.ts';
import { addServe } from './commands/serve.ts';
import { addStart } from './commands/start.ts';
import { addWarp } from './commands/warp.ts';
import { versionLine } from '../engine/version.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { printable } from './printable.ts';

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
    .version(versionLine(), '--version', 'versions of the program and of what it computes with')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .helpCommand(false)
    .addHelpText('after', '\nExample:\n  congeal demo --out congeal-demo');
  const context: CommandContext = {
    argv,
    finish: (status) => {
      process.exitCode = status;
    },
  };
  const commands = [addDemo, addFind, addAlign, addApply, addLearn, addExport, addScore, addWarp];
  for (const add of [...commands, addBench, addServe, addStart, addEngine]) add(program, context);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, argv.includes('--json'));
  }
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    if (error.code === 'commander.help') return exitCodes.usage;
    return report(new CongealError('usage', `${error.message.replace(/^error: |\.$/g, '')}. See --help.`), json);
  }
  const [code, message] = describe(error);
  if (json) process.stdout.write(`${JSON.stringify({ event: 'error', code, message })}\n`);
  process.stderr.write(
    code === 'bug' ? `congeal: ${message}\n` : `congeal: ${printable(message.replaceAll('\n', ' '))}\n`,
  );
  return exitCodeOf(error);
}

function describe(error: unknown): readonly [code: string, message: string] {
  if (error instanceof CongealError) return [error.code, error.message];
  if (!(error instanceof Error)) return ['bug', `this is a bug: ${String(error)}`];
  if ('syscall' in error && 'code' in error) return [String(error.code), `the system reports: ${error.message}`];
  return ['bug', `this is a bug: ${error.stack ?? error.message}`];
}
