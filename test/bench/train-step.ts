import { encode } from '../../core/graph/encode.ts';
import { simplify } from '../../core/graph/passes/simplify.ts';
import { openStepper } from '../../core/runtime/open-stepper.ts';
import { numberOption } from '../support/bench-options.ts';
import { referenceTask } from '../support/reference-network.ts';
import { race } from '../support/step-race.ts';

const target = { ratio: 0.45, lossDifference: 1e-3, openingMilliseconds: 300 };

/**
 * One training step of the reference network against PyTorch, in turns, and how long it takes to build the graph, simplify
 * it and open its session.
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
    const started = performance.now();
    const task = referenceTask(seed);
    const built = performance.now();
    const graph = simplify(task.graph);
    const simple = performance.now();
    const bytes = encode(graph);
    const encoded = performance.now();
    const stepper = await openStepper(bytes, task.state, { threads });
    const open = performance.now();
    await stepper.dispose();
    stages = {
      nodes: task.graph.nodes.length,
      nodesSimplified: graph.nodes.length,
      buildMilliseconds: built - started,
      simplifyMilliseconds: simple - built,
      encodeMilliseconds: encoded - simple,
      sessionMilliseconds: open - encoded,
      openingMilliseconds: open - started,
    };
  }
  return stages;
}
