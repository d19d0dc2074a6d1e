import type { Command } from 'commander';
import { resolve } from 'node:path';
import { defaultStateFolder } from '../../engine/state-folder.ts';
import { findWindowProgram, runWindow } from '../desktop-window.ts';
import { printable } from '../printable.ts';
import { serveUntilEnded } from '../serve-until-ended.ts';

interface StartWords {
  readonly open: boolean;
  readonly browser: boolean;
}

/** `congeal start`: what `npm start` runs. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('open the window; where there is none, open the program in the browser')
    .argument('[project]', 'a project file to open at once')
    .option('--browser', 'open the program in the browser, whether there is a window or not', false)
    .option('--no-open', 'only print the address, start neither window nor browser')
    .addHelpText('after', '\nExample:\n  congeal start')
    .action(async (project: string | undefined, { open, browser }: StartWords) => {
      const reason = open && !browser ? await openWindow(project) : undefined;
      if (open && !browser && reason === undefined) return;
      const why = reason === undefined ? '' : ` (${printable(reason)})`;
      write(`There is no desktop window here${why}; the browser serves as one.`);
      await serveUntilEnded({ open, json: false, project });
    });
}

/** Opens the window and waits for its end; gives why there is none. */
async function openWindow(project: string | undefined): Promise<string | undefined> {
  const found = await findWindowProgram({
    stateFolder: defaultStateFolder(),
    environment: process.env,
    platform: process.platform,
    say: write,
  });
  if ('reason' in found) return found.reason;
  return await runWindow(found.binary, project === undefined ? [] : [resolve(project)]);
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
