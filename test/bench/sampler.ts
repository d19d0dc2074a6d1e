import { numberOption } from '../support/bench-options.ts';
import { samplerTask } from '../support/reference-network.ts';
import { race } from '../support/step-race.ts';

const target = { ratio: 0.8 };

/**
 * One training step through a transformer in mid-network, 64 channels of 32 x 32, with gradients to input and grid, against
 * PyTorch in turns.
 *
 * Arguments: `--threads N` (2), `--turns N` (9), `--steps N` per turn (10), `--seed N`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  const threads = numberOption(args, '--threads') ?? 2;
  const found = await race('sampler', samplerTask(numberOption(args, '--seed') ?? 1), {
    threads,
    turns: numberOption(args, '--turns') ?? 9,
    stepsPerTurn: numberOption(args, '--steps') ?? 10,
  });
  emit({
    network: 'sampler',
    threads,
    ...found,
    target,
    reached: found.ratio === null ? null : found.ratio <= target.ratio,
  });
}
