import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { SupervisedMessage } from '../../core/compute/supervisor/messages.ts';
import { createWorkers } from '../../core/compute/supervisor/workers.ts';
import { numberOption } from '../support/bench-options.ts';
import type { Latencies } from '../support/latency.ts';
import { latenciesWhile } from '../support/latency.ts';

const signal = new AbortController().signal;

/** How soon the engine's process and its warm worker answer while an alignment trains. `--images N` (30). */
export async function run(
  emit: (figure: Record<string, number | string>) => void,
  words: readonly string[],
): Promise<void> {
  const count = numberOption(words, '--images') ?? 30;
  const folder = mkdtempSync(join(tmpdir(), 'congeal-bench-'));
  const workers = createWorkers({ warm: true, niceness: 5, prepared: ['card'] });
  try {
    const background = { signal, priority: 'run' } as const;
    const cold = performance.now();
    await toEnd(workers.run('samples', { collection: 'beetles', folder, count }, background));
    emit({ figure: 'first job of a new worker', milliseconds: Math.round(performance.now() - cold) });
    await wait(1000);
    const files = readdirSync(folder).map((id) => ({ id, path: join(folder, id) }));
    const asked = { path: files[0].path, after: null, cardSide: 128, allowDamaged: false };
    const card = () => workers.call('card', asked, { signal, priority: 'interactive' });
    const idle = await latenciesWhile(wait(3000), card);
    emit({ figure: 'thumbnail, nothing else going on', ...idle });
    const plain = { features: 'gradients', allowDamaged: false, family: 'affine', rotation: 180, size: 128 } as const;
    const aligning = toEnd(workers.run('align', { files, mirror: false, learn: true, ...plain }, background));
    const [turns, cards]: readonly Latencies[] = await Promise.all([
      latenciesWhile(aligning, () => turn(), 5),
      latenciesWhile(aligning, card),
    ]);
    emit({ figure: 'turn of the engine while an alignment trains', ...turns });
    emit({ figure: 'thumbnail while an alignment trains', ...cards });
  } finally {
    await workers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function toEnd(messages: AsyncGenerator<SupervisedMessage, unknown>): Promise<void> {
  for (let next = await messages.next(); next.done !== true; next = await messages.next());
}
