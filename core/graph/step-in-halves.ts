import { backward } from './backward.ts';
import { GraphBuilder } from './builder.ts';
import { GraphError } from './graph-error.ts';
import { add, mul } from './ops/arithmetic.ts';
import type { NamedParameters, StateBuilder } from './optimisers.ts';
import type { Tensor } from './tensor.ts';
import type { Graph, Value } from './value.ts';

/**
 * One training step, before it is known in how many parts a batch is seen. The loss must be a mean over samples that do not
 * know of each other: then the mean of two halves' losses is the loss, and that of their gradients the gradient. What
 * normalises or compares across a batch must not be written so.
 */
export interface Lesson {
  /** Samples of a batch. */
  readonly batch: number;
  /** First values of what is learned, by the name of their graph input; of each only the type counts here. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  /**
   * Declares the inputs of a batch, each of shape `[batch, ...]`, and adds the loss. `seed` is a whole number that changes
   * with every step and every half.
   */
  loss(g: GraphBuilder, parameters: NamedParameters, batch: number, seed: Value): Value;
  /** Adds an optimiser. */
  update(
    g: StateBuilder,
    parameters: NamedParameters,
    gradients: readonly Value[],
    options: { readonly learningRate: Value; readonly step: Value },
  ): void;
}

/**
 * A training step as two graphs. `half` is run for each half of a batch: inputs are the half's samples, the parameters `X`
 * and the scalars `step` and `half` (0 or 1), outputs `loss` and `X.gradient`, half of each half's gradient. `update` takes
 * parameters and moments, `rate`, `step` and what the halves gave as `loss.0`, `X.gradient.0` and `loss.1`, `X.gradient.1`
 * and has the outputs of a training graph.
 */
export interface StepInHalves {
  readonly half: Graph;
  readonly update: Graph;
}

/**
 * The training step of a batch as one graph: inputs are the batch, the parameters with their moments, and the scalars `rate`
 * and `step`; outputs are `loss` and, with the suffix `.next`, the parameters and moments anew.
 */
export function wholeStep(lesson: Lesson): Graph {
  const g = new GraphBuilder();
  const [learningRate, step] = [g.input('rate', []), g.input('step', [])];
  const parameters = declared(g, lesson);
  const loss = lesson.loss(g, parameters, lesson.batch, step);
  lesson.update(g, parameters, backward(g, loss, Object.values(parameters)), { learningRate, step });
  g.output('loss', loss);
  return g.build();
}

/**
 * The training step of a batch in two halves, for two threads; it learns what `wholeStep` does, but for rounding.
 * **Throws** GraphError for a batch that has no halves.
 */
export function stepInHalves(lesson: Lesson): StepInHalves {
  if (!hasHalves(lesson)) throw new GraphError(`a batch of ${lesson.batch} has no halves; use wholeStep for it`);
  return { half: halfGraph(lesson), update: updateGraph(lesson) };
}

/** Whether the batch can be cut in two halves of as many samples. */
export function hasHalves({ batch }: Lesson): boolean {
  return batch > 0 && batch % 2 === 0;
}

function halfGraph(lesson: Lesson): Graph {
  const g = new GraphBuilder();
  const seed = add(g, mul(g, g.input('step', []), 2), g.input('half', []));
  const parameters = declared(g, lesson);
  const loss = lesson.loss(g, parameters, lesson.batch / 2, seed);
  const gradients = backward(g, mul(g, loss, 0.5), Object.values(parameters));
  Object.keys(parameters).forEach((name, i) => {
    g.output(`${name}.gradient`, gradients[i]);
  });
  g.output('loss', loss);
  return g.build();
}

function updateGraph(lesson: Lesson): Graph {
  const g = new GraphBuilder();
  const [learningRate, step] = [g.input('rate', []), g.input('step', [])];
  const parameters = declared(g, lesson);
  const sum = (name: string, { shape, dtype }: Pick<Value, 'shape' | 'dtype'>): Value =>
    add(g, g.input(`${name}.0`, shape, dtype), g.input(`${name}.1`, shape, dtype));
  const gradients = Object.entries(parameters).map(([name, type]) => sum(`${name}.gradient`, type));
  lesson.update(g, parameters, gradients, { learningRate, step });
  g.output('loss', mul(g, sum('loss', { shape: [], dtype: 'float32' }), 0.5));
  return g.build();
}

function declared(g: StateBuilder, { parameters }: Lesson): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, dtype }]) => [name, g.input(name, shape, dtype)]),
  );
}
