import { describe, expect, it } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { mul, sub } from '../../../core/graph/ops/arithmetic.ts';
import { squaredError } from '../../../core/graph/ops/loss.ts';
import { reduceMean, reduceSum } from '../../../core/graph/ops/reduce.ts';
import { adam, adamState } from '../../../core/graph/optimisers.ts';
import { float32, scalar } from '../../../core/graph/tensor.ts';
import type { Lesson } from '../../../core/graph/step-in-halves.ts';
import { openStepper } from '../../../core/runtime/open-stepper.ts';
import { runTraining, type Training, type TrainingState } from '../../../core/learn/training-loop.ts';

/** Brings w to the target (1, 2), which is fed. */
function model(): Uint8Array {
  const g = new GraphBuilder();
  const w = g.input('w', [2]);
  const difference = sub(g, w, g.input('target', [2]));
  const loss = reduceSum(g, mul(g, mul(g, difference, difference), g.input('factor', [])));
  adam(g, { w }, backward(g, loss, [w]), { learningRate: g.input('rate', []), step: g.input('step', []) });
  g.output('loss', loss);
  return encode(g.build());
}

function training(factorAt: (step: number) => number): Training {
  const target = float32([1, 2], [2]);
  const feedsAt = (step: number): ReturnType<Training['feedsAt']> => ({ target, factor: scalar(factorAt(step)) });
  return { model: model(), steps: 60, rateAt: () => 0.1, feedsAt, saveEvery: 10, divergence: 50 };
}

const start = (): TrainingState => ({ step: 0, rate: 1, losses: [], tensors: adamState({ w: float32([0, 0], [2]) }) });

async function finish(plan: Training, from = start()): Promise<{ state: TrainingState; saved: TrainingState[] }> {
  const steps = runTraining(plan, from, { threads: 1 });
  const saved: TrainingState[] = [];
  let step = await steps.next();
  while (!step.done) {
    if (step.value.saved !== undefined) saved.push(step.value.saved);
    step = await steps.next();
  }
  return { state: step.value, saved };
}

describe('the training loop', () => {
  it('trains, and goes on from a saved state to the same bytes', async () => {
    const whole = await finish(training(() => 1));
    expect(Array.from(whole.state.tensors['w'].data, Number)[1]).toBeCloseTo(2, 1);
    const resumed = await finish(
      training(() => 1),
      whole.saved[2],
    );
    expect(resumed.state).toEqual(whole.state);
  });

  it('returns to the last good state when the loss is not a number, at half the rate', async () => {
    let poisoned = 0;
    const { state } = await finish(training((step) => (step === 25 && poisoned++ === 0 ? NaN : 1)));
    expect(poisoned).toBe(2);
    expect(state.rate).toBe(0.5);
    expect(state.losses).toHaveLength(60);
    expect(state.losses.every(Number.isFinite)).toBe(true);
    expect(Array.from(state.tensors['w'].data, Number).every(Number.isFinite)).toBe(true);
  });

  it('returns when the loss jumps far above the best', async () => {
    let jumps = 0;
    const { state } = await finish(training((step) => (step === 12 && jumps++ === 0 ? 1e6 : 1)));
    expect(state.rate).toBe(0.5);
  });

  it('gives up when nothing helps', async () => {
    await expect(finish(training((step) => (step < 5 ? 1 : NaN)))).rejects.toMatchObject({ code: 'diverged' });
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const steps = runTraining(
      training(() => 1),
      start(),
      { threads: 1, signal: controller.signal },
    );
    await steps.next();
    controller.abort();
    await expect(steps.next()).rejects.toMatchObject({ name: 'AbortError' });
  });

  /** A device with memory for so many samples, that dies at a step; it computes as the processor does. */
  function device(memory: number, diesAt: number): NonNullable<Parameters<typeof runTraining>[2]['open']> {
    return async (graph, state, options) => {
      const { batch } = graph as Lesson;
      const real = await openStepper(graph, state, { ...options, provider: 'cpu' });
      if (options?.provider === 'cpu') return real;
      return {
        ...real,
        run: async (feeds) => {
          if (batch > memory) throw new Error('out of memory');
          if (feeds.some(({ step }) => Number(step.data[0]) > diesAt)) throw new Error('device lost');
          return await real.run(feeds);
        },
      };
    };
  }

  /** Brings w to the mean of a batch of targets. */
  function batched(batch: number): Training {
    const model: Lesson = {
      batch,
      parameters: { w: float32([0, 0], [1, 2]) },
      loss: (g, { w }, count) => reduceMean(g, squaredError(g, w, g.input('target', [count, 2]))),
      update: adam,
    };
    const target = float32(
      Float32Array.from({ length: 2 * batch }, (_, i) => 1 + (i % 2)),
      [batch, 2],
    );
    return { model, steps: 60, rateAt: () => 0.1, feedsAt: () => ({ target }), saveEvery: 10 };
  }

  async function trainOn(open: ReturnType<typeof device>): Promise<{ notes: string[]; w: number[]; losses: number }> {
    const from: TrainingState = { step: 0, rate: 1, losses: [], tensors: adamState({ w: float32([0, 0], [1, 2]) }) };
    const steps = runTraining(batched(8), from, { threads: 1, provider: 'webgpu', open });
    const notes: string[] = [];
    let step = await steps.next();
    for (; !step.done; step = await steps.next()) if (step.value.note !== undefined) notes.push(step.value.note);
    return { notes, w: Array.from(step.value.tensors['w'].data, Number), losses: step.value.losses.length };
  }

  it('halves the batch where the device has too little memory', async () => {
    const { notes, w, losses } = await trainOn(device(2, Infinity));
    expect(notes).toEqual(['webgpu failed; going on with 1/4 of the batch (out of memory)']);
    expect(losses).toBe(60);
    expect(w[1]).toBeCloseTo(2, 1);
  });

  it('goes on with the processor, from the last good state, where the device dies', async () => {
    const { notes, w, losses } = await trainOn(device(8, 33));
    expect(notes).toEqual(['webgpu failed; going on with the processor (device lost)']);
    expect(losses).toBe(60);
    expect(w[1]).toBeCloseTo(2, 1);
  });
});
