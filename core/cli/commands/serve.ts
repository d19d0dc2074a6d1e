import type { Command } from 'commander';
import { serveOptions } from '../../contract/options.ts';
import { numeric, parseOptions } from '../arguments.ts';
import { serveUntilEnded } from '../serve-until-ended.ts';

/** `congeal serve`: the engine with a door for browsers of this machine. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('open the program in a browser of this machine')
    .argument('[project]', 'a project file to open at once, or an output folder of find or align')
    .option('--port <number>', 'port to listen on (any that is free)', numeric)
    .option('--no-open', 'only print the address, start no browser')
    .option('--root <folder...>', 'folders in which folders can be chosen (your home folder)')
    .option('--json', 'one JSON object a line on standard output')
    .addHelpText('after', '\nExample:\n  congeal serve --root ~/photos')
    .action(async (project: string | undefined, { root, ...values }: Record<string, unknown>) => {
      const { roots, ...rest } = parseOptions(serveOptions, { ...values, project, roots: root });
      await serveUntilEnded({ ...rest, roots });
    });
}
