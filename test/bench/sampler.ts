import { numberOption } from '../support/bench-options.ts';
import { layerTask, samplerTask } from '../support/reference-network.ts';
import { race } from '../support/step-race.ts';

const target = { ratio: 0.8 };

/**
 * One training step through a transformer in mid-network, 64 channels of 32 x 32, with gradients to input and grid, against
 * PyTorch in turns: as a layer whose input and grid come from what is learned before it, and with maps and transforms
 * themselves learned.
 *
 * Arguments: `--threads N` (2), `--turns N` (9), `--steps N` per turn (10), `--seed N`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  const seed = numberOption(args, '--seed') ?? 1;
  const threads = numberOption(args, '--threads') ?? 2;
  for (const [network, task] of Object.entries({ layer: layerTask, sampler: samplerTask })) {
    const found = await race(network, task(seed), {
      threads,
      turns: numberOption(args, '--turns') ?? 9,
      stepsPerTurn: numberOption(args, '--steps') ?? 10,
    });
    const reached = found.ratio === null ? null : found.ratio <= target.ratio;
    emit({ network, threads, ...found, target, reached });
  }
}
