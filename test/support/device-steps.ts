import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Tensor } from '../../core/graph/tensor.ts';
import type { Graph } from '../../core/graph/value.ts';
import { liveDeviceTensors } from '../../core/runtime/device-memory.ts';
import { openStepper } from '../../core/runtime/open-stepper.ts';

/** A training graph, the state before its first step, and what each step is fed. */
export interface DeviceTask {
  readonly graph: Graph;
  readonly state: Readonly<Record<string, Tensor>>;
  readonly feeds: readonly Readonly<Record<string, Tensor>>[];
}

/** What the steps gave, and how many tensors lay on the device before and after the stepper was disposed. */
export interface DeviceResult {
  readonly outputs: readonly Readonly<Record<string, Tensor>>[];
  readonly state: Readonly<Record<string, Tensor>>;
  readonly live: readonly [during: number, after: number];
}

const atOnce = 8;

/** The program of a process that has a graphics card: reads tasks from a file and writes results to another. */
async function takeSteps({ graph, state, feeds }: DeviceTask): Promise<DeviceResult> {
  const stepper = await openStepper(graph, state, { provider: 'webgpu', strict: true });
  const outputs: Record<string, Tensor>[] = [];
  for (let from = 0; from < feeds.length; from += atOnce)
    outputs.push(...(await stepper.run(feeds.slice(from, from + atOnce))));
  const learned = await stepper.state();
  const during = liveDeviceTensors();
  await stepper.dispose();
  return { outputs, state: learned, live: [during, liveDeviceTensors()] };
}

const [tasks, results] = process.argv.slice(2);
const found: DeviceResult[] = [];
for (const task of deserialize(readFileSync(tasks)) as DeviceTask[]) found.push(await takeSteps(task));
writeFileSync(results, serialize(found));
process.exit(0);
