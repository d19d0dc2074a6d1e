import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dropout } from '../../../core/graph/ops/dropout.ts';
import { squaredError } from '../../../core/graph/ops/loss.ts';
import { mul } from '../../../core/graph/ops/arithmetic.ts';
import { clipByNorm } from '../../../core/graph/gradient-clipping.ts';
import { adamW, adamState } from '../../../core/graph/optimisers.ts';
import { hasHalves, type Lesson, stepInHalves, wholeStep } from '../../../core/graph/step-in-halves.ts';
import { float32, numbers, scalar, type Tensor } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { openStepper } from '../../../core/runtime/open-stepper.ts';
import { referenceTask } from '../../support/reference-network.ts';

type Tensors = Readonly<Record<string, Tensor>>;

async function train(model: Parameters<typeof openStepper>[0], state: Tensors, feeds: Tensors, steps: number) {
  const stepper = await openStepper(model, state, { threads: 2 });
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const { loss } = await stepper.step({ ...feeds, rate: scalar(3e-5), step: scalar(step) });
    losses.push(Number(loss.data[0]));
  }
  const learned = await stepper.state();
  await stepper.dispose();
  return { losses, learned };
}

/** Brings scales of samples `x` to 1, by AdamW with a clipped gradient and a group of its own; perhaps some are dropped. */
function lesson(batch: number, dropped = 0): Lesson {
  return {
    batch,
    parameters: { 'a.w': float32([2, 3], [1, 2]), b: float32([0.5], [1, 1]) },
    loss: (g, parameters, count, seed) => {
      const x = g.input('x', [count, 2]);
      const seen = dropped === 0 ? x : dropout(g, x, seed, { rate: dropped });
      return squaredError(g, mul(g, mul(g, seen, parameters['a.w']), parameters['b']), 1);
    },
    update: (g, parameters, gradients, options) => {
      const { gradients: clipped } = clipByNorm(g, gradients, 0.1);
      adamW(g, parameters, clipped, { ...options, weightDecay: 0.1, groups: { a: { rate: 2, weightDecay: 0 } } });
    },
  };
}

const samples = (batch: number): Tensor =>
  float32(
    Float32Array.from({ length: 2 * batch }, (_, i) => Math.sin(i + 1)),
    [batch, 2],
  );

describe('a step in halves', () => {
  test('learns what the whole step does: the reference network', async () => {
    const { graph, model, state, feeds } = referenceTask();
    const [whole, halves] = [await train(graph, state, feeds, 10), await train(model, state, feeds, 10)];
    halves.losses.forEach((loss, step) => {
      expect(loss).toBeCloseTo(whole.losses[step], 4);
    });
    for (const name of Object.keys(state)) expect(halves.learned[name].shape).toEqual(state[name].shape);
  });

  test('learns what the whole step does: groups, decay and the norm of all gradients', async () => {
    const one = lesson(6);
    const state = adamState(one.parameters);
    const feeds = { x: samples(6) };
    const [whole, halves] = [await train(wholeStep(one), state, feeds, 20), await train(one, state, feeds, 20)];
    for (const [name, of] of Object.entries(whole.learned)) {
      const found = numbers(halves.learned[name]);
      numbers(of).forEach((value, i) => {
        expect(found[i], name).toBeCloseTo(value, 6);
      });
    }
  });

  test('drops other elements in each half', async () => {
    const one = lesson(64, 0.5);
    const session = await openSession(stepInHalves(one).half, { threads: 1 });
    const seen = { ...one.parameters, x: samples(32), step: scalar(3) };
    const losses = [];
    for (const half of [0, 1, 0]) losses.push((await session.run({ ...seen, half: scalar(half) }))['loss'].data[0]);
    await session.dispose();
    expect(losses[0]).not.toBe(losses[1]);
    expect(losses[0]).toBe(losses[2]);
  });

  test('goes on from a state to the same bytes', async () => {
    const one = lesson(4);
    const feeds = { x: samples(4) };
    const half = await train(one, adamState(one.parameters), feeds, 3);
    const stepper = await openStepper(one, half.learned, { threads: 2 });
    await stepper.step({ ...feeds, rate: scalar(3e-5), step: scalar(4) });
    stepper.restore(half.learned);
    await stepper.step({ ...feeds, rate: scalar(3e-5), step: scalar(4) });
    const found = await stepper.state();
    await stepper.dispose();
    expect(found).toEqual((await train(one, adamState(one.parameters), feeds, 4)).learned);
  });

  test('is refused by name where feeds or state do not fit', async () => {
    const one = lesson(4);
    const stepper = await openStepper(one, adamState(one.parameters), { threads: 2 });
    const feeds = { rate: scalar(0), step: scalar(1) };
    await expect(stepper.step({ ...feeds, x: samples(3) })).rejects.toThrow(/'x' is float32 \[3, 2\].*\[2, 2\]/);
    await expect(stepper.step(feeds)).rejects.toThrow(/'x' is not fed/);
    await stepper.step({ ...feeds, x: samples(4) });
    await stepper.dispose();
    await expect(openStepper(one, one.parameters, { threads: 2 })).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
    });
  });

  test('needs an even batch; an odd one is computed whole', async () => {
    const odd = lesson(5);
    expect(hasHalves(odd)).toBe(false);
    expect(() => stepInHalves(odd)).toThrow(/5 has no halves/);
    const { losses } = await train(odd, adamState(odd.parameters), { x: samples(5) }, 1);
    expect(losses[0]).toBeGreaterThan(0);
  });

  test('may be under way when its process ends', () => {
    for (let turn = 0; turn < 2; turn++) {
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(import.meta.dirname, '../../support/workers/leaving-process.ts')],
        {
          encoding: 'utf8',
        },
      );
      expect(stderr).toBe('');
      expect(status).toBe(7);
    }
  });
});
