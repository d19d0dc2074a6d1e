import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary.ts';
import type { FaultedWork } from '../../support/write-faults/store-process.ts';
import { createWriteFaults, whyNoFaults } from '../../support/write-faults/write-faults.ts';

const program = resolve(import.meta.dirname, '../../support/write-faults/store-process.ts');
const missing = whyNoFaults();

/** What must be said of a write that failed: which file, what is wrong with the disk, and what to do. */
const clear = [
  /^(disk-full|disk-failed|output-unwritable): .*FOLDER/,
  /disk is full|disk reported an error|space on the disk/,
  /make room|free some space|check/,
];

/** Does a work under every fault in a process of its own. */
async function underFaults(name: string, every: number): Promise<FaultedWork> {
  const folder = temporaryFolder();
  const faults = createWriteFaults(folder);
  const child = spawn(process.execPath, [program, name, folder, String(every)], {
    env: { ...process.env, ...faults.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  await new Promise((fulfil) => child.once('close', fulfil));
  faults.close();
  return JSON.parse(text) as FaultedWork;
}

/** Each work meets a fault at every so manieth write, and so many faults in all. */
const works = [
  { name: 'project', every: 7, atLeast: 200 },
  { name: 'migration', every: 7, atLeast: 80 },
  { name: 'restoring', every: 1, atLeast: 20 },
  { name: 'cache', every: 7, atLeast: 200 },
  { name: 'settings', every: 3, atLeast: 100 },
] as const;

it.skipIf(missing !== undefined).each(works)(
  `$name loses nothing that was said to be kept, with a fault in every $every writes${missing === undefined ? '' : ` (${missing})`}`,
  async ({ name, every, atLeast }) => {
    const { met, said, wrong } = await underFaults(name, every);
    expect(wrong).toEqual([]);
    expect(said.filter((message) => !clear.every((part) => part.test(message)))).toEqual([]);
    expect(met).toBeGreaterThanOrEqual(atLeast);
  },
  120_000,
);
