import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Tensor } from '../../core/graph/tensor.ts';
import type { TrainingTask } from './reference-network.ts';

/** Steps that were taken: how long each took, and its loss. */
export interface Taken {
  readonly milliseconds: readonly number[];
  readonly losses: readonly number[];
}

/** A PyTorch process that takes training steps when asked. */
export interface TorchPeer {
  steps(count: number): Promise<Taken>;
  close(): void;
}

/** A Python that has PyTorch, and PyTorch's version; undefined where there is none. */
export function findTorch(): { readonly python: string; readonly version: string } | undefined {
  for (const python of ['/usr/bin/python3', 'python3', 'python']) {
    const tried = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
    if (tried.status === 0) return { python, version: tried.stdout.trim() };
  }
  return undefined;
}

/** Starts the peer on a task, from the same weights and data. */
export function startTorch(python: string, name: string, task: TrainingTask, threads: number): TorchPeer {
  const folder = mkdtempSync(join(tmpdir(), 'congeal-peer-'));
  const learned = Object.entries(task.parameters).map(([key, of]) => [`learned.${key}`, of] as const);
  const all: Record<string, Tensor> = { ...task.feeds, ...Object.fromEntries(learned) };
  for (const [key, { data }] of Object.entries(all))
    writeFileSync(join(folder, `${key}.f32`), Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const shapes = Object.fromEntries(Object.entries(all).map(([key, { shape }]) => [key, shape]));
  writeFileSync(join(folder, 'shapes.json'), JSON.stringify(shapes));
  const script = join(import.meta.dirname, '../bench/peers/torch_steps.py');
  const peer = spawn(python, [script, name, folder, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  return {
    steps: async (count) => {
      peer.stdin.write(`${count}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the PyTorch process ended');
      return JSON.parse(value) as Taken;
    },
    close: () => {
      peer.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
