import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { describe, expect, test, vi } from 'vitest';
import { wholeStep } from '../../../core/graph/step-in-halves.ts';
import { numbers, scalar } from '../../../core/graph/tensor.ts';
import type { Graph } from '../../../core/graph/value.ts';
import type * as TrainingLoop from '../../../core/learn/training-loop.ts';
import { openStepper } from '../../../core/runtime/open-stepper.ts';
import type { DeviceResult, DeviceTask } from '../../support/device-steps.ts';
import { everyFamily, everyNetwork, trainClassifiers } from '../../support/classifier-trainings.ts';
import { runEveryLearner } from '../../support/every-learner.ts';
import { hasSoftwareGpu, softwareGpuEnvironment } from '../../support/software-gpu.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/**
 * Few steps and one classifier by default, because a graphics card in software is slow; `CONGEAL_DEVICE_STEPS=20` looks longer,
 * at every network and every family of transformers that come with the program.
 */
const steps = Number(process.env['CONGEAL_DEVICE_STEPS'] ?? 2);
const classifiers = steps > 5 ? [...everyNetwork, ...everyFamily] : everyNetwork.slice(0, 1);
/**
 * Longer looks are taken at a tenth of the rate: at the full one, Adam takes weights that begin one rounding apart up to
 * 1e-2 from each other within 20 steps on the processor alone, while losses stay within 2e-5.
 */
const pace = steps > 5 ? 0.1 : 1;
const tasks = vi.hoisted(() => new Map<string, DeviceTask>());

/* Every training that a learner begins is kept with its first feeds, and cut to two steps. */
vi.mock('../../../core/learn/training-loop.ts', async (original) => {
  const real = await original<typeof TrainingLoop>();
  const keeping: typeof real.runTraining = (training, start, options) => {
    const { model, feedsAt, rateAt } = training;
    const feeds = Array.from({ length: steps }, (_, n) => ({
      ...feedsAt(n),
      rate: scalar(pace * rateAt(n)),
      step: scalar(n + 1),
    }));
    const graph = 'loss' in model ? wholeStep(model) : (model as Graph);
    const sizes = graph.inputs.map(({ name, value }) => `${name} ${value.shape.join()}`);
    tasks.set([...sizes, ...graph.nodes.map(({ op }) => op)].join(' '), { graph, state: start.tensors, feeds });
    return real.runTraining({ ...training, steps: Math.min(2, training.steps) }, start, options);
  };
  return { ...real, runTraining: keeping };
});

/**
 * Checks that two states agree to 1e-3 of the largest gradient or weight. Adam divides a gradient by its own size, so where
 * one is zero but for rounding (its mean is below a millionth of the largest), the weight moves by rounding: only its
 * moments are compared.
 */
function expectSameState(expected: DeviceTask['state'], found: DeviceTask['state']): void {
  const largest = (names: readonly string[]): number =>
    names.reduce((most, name) => numbers(expected[name]).reduce((a, b) => Math.max(a, Math.abs(b)), most), 1e-12);
  const means = Object.keys(expected).filter((name) => name.endsWith('.m'));
  const steepest = largest(means);
  const noise = 1e-6 * steepest;
  for (const mean of means) {
    const name = mean.slice(0, -2);
    const [gradients, others] = [numbers(expected[mean]), numbers(found[mean])];
    const [weights, moved] = [numbers(expected[name]), numbers(found[name])];
    const off = gradients.map((gradient, i) => Math.abs(gradient - others[i]) / steepest);
    const stray = weights.map((weight, i) => (Math.abs(gradients[i]) > noise ? Math.abs(weight - moved[i]) : 0));
    expect(worst(off), mean).toBeLessThan(1e-3);
    expect(worst(stray), name).toBeLessThan(1e-3 * Math.max(1, largest([name])));
  }
}

function worst(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}

async function onProcessor({ graph, state, feeds }: DeviceTask): Promise<Omit<DeviceResult, 'live'>> {
  const stepper = await openStepper(graph, state, { threads: 2 });
  const result = { outputs: await stepper.run(feeds), state: await stepper.state() };
  await stepper.dispose();
  return result;
}

describe.skipIf(!hasSoftwareGpu)('every training graph on a graphics card, here one in software', () => {
  test(
    'runs there whole, agrees with the processor, and leaves nothing behind',
    { timeout: 300_000 * steps },
    async () => {
      await runEveryLearner();
      await trainClassifiers(classifiers);
      const folder = temporaryFolder();
      const [given, found] = [join(folder, 'tasks'), join(folder, 'results')];
      writeFileSync(given, serialize([...tasks.values()]));
      const script = join(import.meta.dirname, '../../support/device-steps.ts');
      execFileSync(process.execPath, [script, given, found], { env: softwareGpuEnvironment(), stdio: 'inherit' });
      const results = deserialize(readFileSync(found)) as DeviceResult[];
      expect(results.length).toBeGreaterThan(3);
      for (const [n, result] of results.entries()) {
        const expected = await onProcessor([...tasks.values()][n]);
        const losses = ({ outputs }: Pick<DeviceResult, 'outputs'>) => outputs.map(({ loss }) => numbers(loss)[0]);
        losses(expected).forEach((loss, step) => {
          expect(Math.abs(losses(result)[step] - loss) / Math.max(1, Math.abs(loss)), `loss ${step}`).toBeLessThan(
            1e-3,
          );
        });
        expectSameState(expected.state, result.state);
        expect(result.live[0]).toBe(Object.keys(result.state).length);
        expect(result.live[1]).toBe(0);
      }
    },
  );
});
