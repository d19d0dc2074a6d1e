import { backward } from '../../graph/backward.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import { adam } from '../../graph/optimisers.ts';
import type { Value } from '../../graph/value.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { runTraining, type Training, type TrainingState, type TrainingStep } from '../training-loop.ts';

/** How long and how fast. */
export interface LocaliserSchedule {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly saveEvery: number;
}

/** A loss in a graph under construction, the parameters that it is minimised over, and what each step is fed. */
export interface Lesson {
  readonly graph: GraphBuilder;
  readonly loss: Value;
  readonly parameters: Readonly<Record<string, Value>>;
  readonly feedsAt: Training['feedsAt'];
}

/** A loss this far above the best one counts as divergence. */
const divergence = 6;

/** Minimises a loss by Adam at a constant rate, gradients and updates being part of the graph. */
export async function* runSchedule(
  { graph, loss, parameters, feedsAt }: Lesson,
  { steps, learningRate, saveEvery }: LocaliserSchedule,
  start: TrainingState,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<TrainingStep, TrainingState> {
  const gradients = backward(graph, loss, Object.values(parameters));
  adam(graph, parameters, gradients, { learningRate: graph.input('rate', []), step: graph.input('step', []) });
  graph.output('loss', loss);
  const training = { model: graph.build(), steps, rateAt: () => learningRate, feedsAt, saveEvery, divergence };
  return yield* runTraining(training, start, options);
}
