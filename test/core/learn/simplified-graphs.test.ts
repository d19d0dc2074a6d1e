import { beforeAll, describe, expect, test, vi } from 'vitest';
import { simplify } from '../../../core/graph/passes/simplify.ts';
import { readGraph } from '../../../core/graph/read-graph.ts';
import { decode } from '../../../core/graph/decode.ts';
import { wholeStep } from '../../../core/graph/step-in-halves.ts';
import { numbers, type Tensor } from '../../../core/graph/tensor.ts';
import type { Graph } from '../../../core/graph/value.ts';
import type * as TrainingLoop from '../../../core/learn/training-loop.ts';
import type * as Sessions from '../../../core/runtime/session.ts';
import { openSession } from '../../../core/runtime/session.ts';
import type { Collected } from '../../support/collected-graphs.ts';
import { everyNetwork, trainClassifiers } from '../../support/classifier-trainings.ts';
import { runEveryLearner } from '../../support/every-learner.ts';

const collected = vi.hoisted(() => new Map<string, Collected>());

vi.mock('../../../core/runtime/session.ts', async (original) => {
  const { collecting } = await import('../../support/collected-graphs.ts');
  const real = await original<typeof Sessions>();
  return { ...real, openSession: collecting(real.openSession, collected) };
});

/* Two steps show every graph, lessons as one graph; what is learned does not matter here. */
vi.mock('../../../core/learn/training-loop.ts', async (original) => {
  const real = await original<typeof TrainingLoop>();
  const short: typeof real.runTraining = (training, ...rest) => {
    const model = 'loss' in training.model ? wholeStep(training.model) : training.model;
    return real.runTraining({ ...training, model, steps: Math.min(2, training.steps) }, ...rest);
  };
  return { ...real, runTraining: short };
});

/** The graph of a model, at the sizes that it was fed with. */
function graphOf({ model, feeds }: Collected): Graph {
  if (!(model instanceof Uint8Array)) return model;
  const file = decode(model);
  const sizes = file.inputs.flatMap(({ name, shape }) =>
    shape.map((size, axis): [string, number] => [String(size), feeds[name].shape[axis]]),
  );
  return readGraph(file, { sizes: Object.fromEntries(sizes) });
}

/** Adam divides a gradient by its own size, so where it is zero but for rounding, the parameter moves by rounding. */
function tolerance(name: string): number {
  const state = name.endsWith('.next') && !/\.[mv]\.next$/.test(name);
  return state ? 1e-4 : 1e-6;
}

function largestDifference(a: Tensor, b: Tensor): number {
  const [left, right] = [numbers(a), numbers(b)];
  const scale = left.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return left.reduce((worst, value, i) => Math.max(worst, Math.abs(value - right[i]) / scale), 0);
}

describe('every graph that learners run or write', () => {
  const opened: Collected[] = [];

  beforeAll(async () => {
    await runEveryLearner();
    await trainClassifiers(everyNetwork);
    opened.push(...collected.values());
  });

  test('are all here: descriptions, training, what is exported', () => {
    const files = opened.filter(({ model }) => model instanceof Uint8Array);
    expect(opened.length).toBeGreaterThan(12);
    expect(files.length).toBeGreaterThan(1);
    const trained = opened.filter(
      ({ model }) => 'outputs' in model && model.outputs.some(({ name }) => name === 'loss'),
    );
    expect(trained.length).toBeGreaterThan(4 + everyNetwork.length);
  });

  test('compute the same when simplified, with no more nodes', async () => {
    for (const one of opened) {
      const graph = graphOf(one);
      const small = simplify(graph);
      expect(small.nodes.length).toBeLessThanOrEqual(graph.nodes.length);
      const [plain, simple] = [
        await openSession(graph, { threads: 1, optimise: false }),
        await openSession(small, { threads: 1, optimise: false }),
      ];
      const [expected, found] = [await plain.run(one.feeds), await simple.run(one.feeds)];
      await Promise.all([plain.dispose(), simple.dispose()]);
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      for (const [name, value] of Object.entries(expected)) {
        expect(found[name].shape).toEqual(value.shape);
        expect(largestDifference(value, found[name]), name).toBeLessThan(tolerance(name));
      }
    }
  });
});
