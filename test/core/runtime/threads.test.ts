import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scalar } from '../../../core/graph/tensor.ts';
import { openStepper } from '../../../core/runtime/open-stepper.ts';
import { layerTask, referenceTask, samplerTask, type TrainingTask } from '../../support/reference-network.ts';

const steps = 3;

/** A hash of all weights and moments after some training steps. */
async function train({ model, state, feeds }: Omit<TrainingTask, 'graph'>, threads: number): Promise<string> {
  const stepper = await openStepper(model, state, { threads });
  for (let step = 1; step <= steps; step++) await stepper.step({ ...feeds, rate: scalar(1e-3), step: scalar(step) });
  const learned = await stepper.state();
  await stepper.dispose();
  const hash = createHash('sha256');
  for (const name of Object.keys(learned).sort()) hash.update(Float32Array.from(learned[name].data, Number));
  return hash.digest('hex');
}

describe.each([
  ['the reference network', referenceTask],
  ['the reference network as one graph', () => ({ ...referenceTask(), model: referenceTask().graph })],
  ['a transformer in mid-network', layerTask],
  ['a sampler whose maps are learned', samplerTask],
])('%s', (_, task) => {
  test('learns the same weights in every run, on 1, 2 and 4 threads', async () => {
    const found = [];
    for (const threads of [1, 1, 1, 2, 4]) found.push(await train(task(), threads));
    expect(new Set(found).size).toBe(1);
  });
});
