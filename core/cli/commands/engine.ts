import type { Command } from 'commander';
import { whenParentIsGone } from '../parent.ts';

/** How long an engine may take to put everything in order once its parent is gone, in milliseconds. */
const patience = 10_000;

/** `congeal engine`: what the desktop shell starts. It lives as long as its standard input is open. */
export function addEngine(program: Command): void {
  program
    .command('engine', { hidden: true })
    .description('the engine on a pipe, for the desktop shell; ends when its standard input does')
    .requiredOption('--pipe <path>', 'the Unix socket or the named pipe to make')
    .addHelpText('after', '\nExample:\n  congeal engine --pipe /run/user/1000/congeal/engine.sock')
    .action(async ({ pipe }: { readonly pipe: string }) => {
      const parentIsGone = whenParentIsGone();
      const { servePipe } = await import('../../engine/http/serve-pipe.ts');
      const door = await servePipe(pipe);
      process.stdout.write(`${JSON.stringify({ event: 'listening', log: door.log })}\n`);
      await Promise.race([door.ended, parentIsGone]);
      // Nobody is left who could end an engine that hangs while it closes.
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), patience).unref();
      await door.close();
    });
}
