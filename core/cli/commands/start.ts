import type { Command } from 'commander';
import { serveUntilEnded } from '../serve-until-ended.ts';

/** `congeal start`: what `npm start` runs. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('open the window; where there is none, open the program in the browser')
    .option('--no-open', 'only print the address, start no browser')
    .addHelpText('after', '\nExample:\n  congeal start')
    .action(async ({ open }: { readonly open: boolean }) => {
      process.stdout.write('There is no desktop window here; the browser serves as one.\n');
      await serveUntilEnded({ open, json: false });
    });
}
