import { basename } from 'node:path';

/**
 * The line that goes on with an interrupted command when it is pasted into a shell.
 *
 * @param argv - the words of the interrupted command, from its name on
 * @param named - whether the command wants to be told with `--resume`; others find by themselves what they have left
 */
export function resumeLine([command, ...rest]: readonly string[], named = true): string {
  const words = [command, ...(named ? ['--resume'] : []), ...rest.filter((word) => word !== '--resume')];
  return [...howStarted(), ...words].map(quote).join(' ');
}

/** How this program was called: through npm in a clone, by its name when installed, or as a script. */
function howStarted(): readonly string[] {
  const [node, script] = process.argv;
  if (process.env['npm_lifecycle_event'] === 'congeal') return ['npm', 'run', 'congeal', '--'];
  return /^congeal(\.cmd)?$/.test(basename(script)) ? ['congeal'] : [node, script];
}

function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
