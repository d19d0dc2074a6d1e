import { basename } from 'node:path';

/** How a command that was stopped is taken up again. */
export type Resumable =
  'with --resume' | 'by the same words' | 'by beginning again' | 'by beginning again, over what was written';

/** For each way: what is kept, and the word that must be added to the command. */
const ways: Readonly<Record<Resumable, readonly [says: string, added?: string]>> = {
  'with --resume': ['Cancelled; the run is saved. Go on with:', '--resume'],
  'by the same words': ['Cancelled; what was finished is kept. Go on with:'],
  'by beginning again': ['Cancelled; nothing is left to go on with. Begin again with:'],
  'by beginning again, over what was written': [
    'Cancelled; what was written stays, and is replaced when it begins again with:',
    '--force',
  ],
};

/**
 * What is said when a command was stopped: what is kept, and the line that goes on when it is pasted into a shell.
 *
 * @param argv - the words of the command, from its name on
 */
export function cancelledLines([command, ...rest]: readonly string[], resumable: Resumable): string {
  const [says, added] = ways[resumable];
  const words = [...(added === undefined ? [] : [added]), ...rest.filter((word) => word !== added)];
  return `${says}\n  ${[...howStarted(command), ...words].map(quote).join(' ')}`;
}

/** How this program was called: through npm in a clone, by its name when installed, or as a script. */
function howStarted(command: string): readonly string[] {
  const [node, script] = process.argv;
  const through = process.env['npm_lifecycle_event'];
  if (through === 'congeal') return ['npm', 'run', 'congeal', '--', command];
  if (through === command) return ['npm', 'run', command, '--'];
  return [...(/^congeal(\.cmd)?$/.test(basename(script)) ? ['congeal'] : [node, script]), command];
}

function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
