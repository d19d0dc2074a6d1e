import { simplify } from '../../core/graph/passes/simplify.ts';
import { type Lesson, stepInHalves } from '../../core/graph/step-in-halves.ts';
import { openStepper } from '../../core/runtime/open-stepper.ts';
import { numberOption } from '../support/bench-options.ts';
import { referenceTask } from '../support/reference-network.ts';
import { race } from '../support/step-race.ts';

const target = { ratio: 0.45, lossDifference: 1e-3, openingMilliseconds: 300 };

/**
 * One training step of the reference network against PyTorch, in turns, and how long it takes to build its graphs, simplify
 * them and open their sessions.
 *
 * Arguments: `--threads N` (2), `--turns N` (9), `--steps N` per turn (20), `--seed N`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  const seed = numberOption(args, '--seed') ?? 1;
  const threads = numberOption(args, '--threads') ?? 2;
  const opening = await timeOpening(seed, threads);
  emit({ ...opening, reached: opening.openingMilliseconds < target.openingMilliseconds });
  const found = await race('reference', referenceTask(seed), {
    threads,
    turns: numberOption(args, '--turns') ?? 9,
    stepsPerTurn: numberOption(args, '--steps') ?? 20,
  });
  const reached =
    found.ratio === null || found.lossDifference === null
      ? null
      : found.ratio <= target.ratio && found.lossDifference <= target.lossDifference;
  emit({ network: 'reference', threads, ...found, target, reached });
}

/** The second of two openings: the first also compiles our own code. */
async function timeOpening(seed: number, threads: number): Promise<Record<string, number>> {
  let stages: Record<string, number> = {};
  for (let turn = 0; turn < 2; turn++) {
    const { graph, model, state } = referenceTask(seed);
    const started = performance.now();
    const stepper = await openStepper(model, state, { threads });
    const openingMilliseconds = performance.now() - started;
    await stepper.dispose();
    const { half, update } = stepInHalves(model as Lesson);
    stages = {
      nodes: graph.nodes.length,
      nodesOfHalf: simplify(half).nodes.length,
      nodesOfUpdate: simplify(update).nodes.length,
      openingMilliseconds,
    };
  }
  return stages;
}
