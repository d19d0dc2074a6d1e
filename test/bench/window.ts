import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { textOption } from '../support/bench-options.ts';

type Emit = (figure: Record<string, unknown>) => void;

/** What a file in the folder of this benchmark offers. */
interface Part {
  readonly run: (emit: Emit, args: readonly string[]) => void | Promise<void>;
}

const folder = join(import.meta.dirname, 'window');

/**
 * What a person waits for in the window, in a real browser without a graphics card. Each file of `window/` is a part.
 *
 * Arguments: `--part NAME` for one part alone; the parts say which others they take.
 */
export async function run(emit: Emit, args: readonly string[]): Promise<void> {
  const wanted = textOption([...args], '--part');
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  for (const name of names.sort()) {
    if (wanted !== undefined && name !== `${wanted}.ts`) continue;
    const part = (await import(pathToFileURL(join(folder, name)).href)) as Part;
    await part.run((figure) => emit({ part: name.replace('.ts', ''), ...figure }), args);
  }
}
