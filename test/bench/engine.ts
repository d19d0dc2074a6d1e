import { textOption } from '../support/bench-options.ts';
import { importPhotos } from './engine/import.ts';
import { mixedLoad } from './engine/mixed.ts';
import { ready } from './engine/ready.ts';
import { run as store } from './engine/store.ts';

type Emit = (figure: Record<string, unknown>) => void;

/** The parts of the benchmark, by the name that `--part` takes. */
const parts: Readonly<Record<string, (emit: Emit, args: readonly string[]) => void | Promise<void>>> = {
  ready,
  // Before what fills this process's own memory.
  store,
  import: importPhotos,
  mixed: mixedLoad,
};

/**
 * What a person waits for besides learning.
 *
 * Arguments: `--part NAME` for one part alone; the parts say which others they take.
 */
export async function run(emit: Emit, args: string[]): Promise<void> {
  const wanted = textOption(args, '--part');
  for (const [name, part] of Object.entries(parts)) if (wanted === undefined || wanted === name) await part(emit, args);
}
