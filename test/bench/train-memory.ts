import { scalar } from '../../core/graph/tensor.ts';
import { openStepper } from '../../core/runtime/open-stepper.ts';
import { numberOption } from '../support/bench-options.ts';
import { referenceTask } from '../support/reference-network.ts';

const megabyte = 2 ** 20;
const target = { growthMegabytes: 8 };

/**
 * Memory of the process while it takes many training steps of the reference network: the mean over the last fifth of the
 * steps against the mean over the second fifth, when everything has been warmed up.
 *
 * Arguments: `--steps N` (10000), `--threads N` (2), `--seed N`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  const steps = numberOption(args, '--steps') ?? 10_000;
  const threads = numberOption(args, '--threads') ?? 2;
  const { model, state, feeds } = referenceTask(numberOption(args, '--seed') ?? 1);
  const stepper = await openStepper(model, state, { threads });
  const seen: number[] = [];
  for (let step = 1; step <= steps; step++) {
    await stepper.step({ ...feeds, rate: scalar(3e-5), step: scalar(step) });
    seen.push(process.memoryUsage.rss() / megabyte);
  }
  await stepper.dispose();
  const fifth = Math.floor(steps / 5);
  const mean = (from: number): number => seen.slice(from, from + fifth).reduce((a, b) => a + b, 0) / fifth;
  const megabytes = [0, 1, 2, 3, 4].map((n) => Math.round(mean(n * fifth)));
  const growthMegabytes = mean(4 * fifth) - mean(fifth);
  emit({ steps, threads, megabytes, growthMegabytes, target, reached: growthMegabytes <= target.growthMegabytes });
}
