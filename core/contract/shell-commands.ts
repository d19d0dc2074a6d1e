import { z } from 'zod';
import { command } from './command.ts';
import { purpose } from './commands/folders.ts';
import { desktopGrant, place } from './desktop.ts';

const path = z.string().min(1).max(32_768);

/**
 * What the desktop shell alone asks of the engine, over a pipe that nobody else can reach. They know paths, which pages
 * never do: no other door has them, and the shell forwards to the pipe only what begins with `/api/`.
 */
export const shellCommands = {
  grant: command({
    method: 'POST',
    path: '/shell/grants',
    summary: 'Grant what a person chose in a dialog of the system, or dropped',
    effect: 'changes',
    body: z.strictObject({
      paths: z.array(path).max(100_000),
      purpose: purpose.nullable().describe('null: by what it is: folders for images, project files as projects'),
    }),
    answer: z.strictObject({
      grants: z.array(desktopGrant.nullable()).describe('In the order of the paths; null: not for this purpose'),
    }),
  }),
  locate: command({
    method: 'POST',
    path: '/shell/locate',
    summary: 'Where something lies',
    effect: 'reads',
    body: place,
    answer: z.strictObject({ path }),
  }),
};
