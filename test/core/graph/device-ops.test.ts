import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hasSoftwareGpu, softwareGpuEnvironment } from '../../support/software-gpu.ts';

/** What does not run on WebGPU as it should, and why that is accepted. */
const exceptions: Readonly<Record<string, string>> = {
  Cast: 'no float64 there',
  'Cast gradient': 'no float64 there',
  Cos: 'off by 2e-4, as the doc comment warns',
  'Cos gradient': 'off by 2e-4, as the doc comment warns',
  'Gather gradient': 'indices fed as int64 cannot be reshaped there; known ones and int32 run',
  'GatherND gradient': 'coordinates of batch axes are joined to indices of int64',
  Round: 'rounds on the processor; it has no gradient',
  Sin: 'off by 5e-5, as the doc comment warns',
  'Sin gradient': 'off by 2e-4, as the doc comment warns',
};

type Message = 'done' | [op: string, name: string, problem: string];

test.skipIf(!hasSoftwareGpu)(
  'ops and their gradients run whole and right on WebGPU, but for the known exceptions',
  async () => {
    const program = fileURLToPath(new URL('./op-cases/device-process.ts', import.meta.url));
    const child = fork(program, { env: softwareGpuEnvironment() });
    const messages: Message[] = [];
    child.on('message', (message) => messages.push(message as Message));
    await new Promise((resolve) => child.once('exit', resolve));
    expect(messages.at(-1)).toBe('done');
    const problems = messages.filter((message) => message !== 'done').filter(([op]) => !(op in exceptions));
    expect(problems).toEqual([]);
  },
);
