import { scalar } from '../../core/graph/tensor.ts';
import { openStepper } from '../../core/runtime/open-stepper.ts';
import { median } from '../../core/learn/congeal/scores.ts';
import type { TrainingTask } from './reference-network.ts';
import { findTorch, startTorch, type Taken } from './torch-peer.ts';

/**
 * Small, so that losses can be compared: at 1e-3 PyTorch itself strays by 1e-2 within 50 steps when its first weights are
 * moved by 1e-7, because Adam moves thousands of weights of the localisation network as one.
 */
const learningRate = 3e-5;

/** What a race found; times are medians in milliseconds per step, `ratio` is ours by theirs within pairs of turns. */
export interface Race {
  readonly milliseconds: number;
  readonly peer: string | null;
  readonly peerMilliseconds: number | null;
  readonly ratio: number | null;
  /** Largest difference of the losses of the first `compared` steps. */
  readonly lossDifference: number | null;
  readonly compared: number;
}

/** Takes training steps in turns with PyTorch, from the same weights and data, on as many threads. */
export async function race(
  name: string,
  task: TrainingTask,
  { threads, turns, stepsPerTurn }: { readonly threads: number; readonly turns: number; readonly stepsPerTurn: number },
): Promise<Race> {
  const torch = findTorch();
  const peer = torch && startTorch(torch.python, name, task, threads);
  const stepper = await openStepper(task.model, task.state, { threads });
  let done = 0;
  const own = async (count: number): Promise<Taken> => {
    const milliseconds: number[] = [];
    const losses: number[] = [];
    for (let n = 0; n < count; n++) {
      const started = performance.now();
      const { loss } = await stepper.step({ ...task.feeds, rate: scalar(learningRate), step: scalar(++done) });
      milliseconds.push(performance.now() - started);
      losses.push(Number(loss.data[0]));
    }
    return { milliseconds, losses };
  };
  const [ours, theirs]: [Taken[], Taken[]] = [[], []];
  try {
    for (let turn = 0; turn < turns; turn++) {
      ours.push(await own(stepsPerTurn));
      if (peer) theirs.push(await peer.steps(stepsPerTurn));
    }
  } finally {
    peer?.close();
    await stepper.dispose();
  }
  const lossesOf = (taken: readonly Taken[]): readonly number[] => taken.flatMap(({ losses }) => losses);
  const timesOf = (taken: readonly Taken[]): readonly number[] =>
    taken.slice(1).map(({ milliseconds }) => median(milliseconds));
  const compared = Math.min(50, turns * stepsPerTurn);
  const differences = lossesOf(ours).map((loss, step) => Math.abs(loss - lossesOf(theirs)[step]));
  return {
    milliseconds: median(timesOf(ours)),
    peer: torch ? `PyTorch ${torch.version}` : null,
    peerMilliseconds: peer ? median(timesOf(theirs)) : null,
    ratio: peer ? median(timesOf(ours).map((time, turn) => time / timesOf(theirs)[turn])) : null,
    lossDifference: peer ? Math.max(...differences.slice(0, compared)) : null,
    compared,
  };
}
