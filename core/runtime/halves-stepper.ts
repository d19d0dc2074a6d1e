import { availableParallelism } from 'node:os';
import type { StepInHalves } from '../graph/step-in-halves.ts';
import { copyTensor, type Tensor } from '../graph/tensor.ts';
import { type HalfThread, startHalfThread } from './half-thread.ts';
import { feedHalves, type Place, reserveMemory, type Tensors } from './halves-memory.ts';
import { checkState } from './learned-state.ts';
import { modelBytes } from './native.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { Stepper } from './stepper.ts';

/**
 * A stepper on the processor that computes the halves of every batch at once, each in a thread of its own; on one thread one
 * after the other. What it learns is the same to the last bit. **Throws** as `openStepper`.
 */
export async function openHalvesStepper(
  graphs: StepInHalves,
  initialState: Tensors,
  options: SessionOptions,
): Promise<Stepper> {
  const threads = options.threads ?? availableParallelism();
  const memory = reserveMemory(graphs);
  const { learned, states, halves } = memory;
  const sessions = await openSessions(graphs, threads, halves[1], options);
  const { near, far, update } = sessions;
  let place: Place = 0;
  const restore = (state: Tensors): void => {
    checkState(learned, state);
    for (const { name } of learned) (states[place][name].data as Float32Array).set(state[name].data as Float32Array);
  };
  const step = async (feeds: Tensors): Promise<Record<string, Tensor>> => {
    feedHalves(memory, feeds);
    await Promise.all([far.run(place), near.runInto(halves[0].feeds[place], halves[0].results)]);
    const { rate, step: count } = feeds;
    const next = place === 0 ? 1 : 0;
    await update.runInto({ ...states[place], ...memory.between, rate, step: count }, memory.updated[next]);
    place = next;
    return { loss: copyTensor(memory.loss) };
  };
  try {
    restore(initialState);
  } catch (error) {
    await sessions.dispose();
    throw error;
  }
  return {
    restore,
    step,
    state: () =>
      Promise.resolve(Object.fromEntries(learned.map(({ name }) => [name, copyTensor(states[place][name])]))),
    run: async (feeds) => {
      const outputs: Record<string, Tensor>[] = [];
      for (const one of feeds) outputs.push(await step(one));
      return outputs;
    },
    dispose: sessions.dispose,
  };
}

/** One session for a half on this thread, one on another thread or the same one again, and one for the update. */
async function openSessions(
  { half, update }: StepInHalves,
  threads: number,
  second: { readonly feeds: readonly [Tensors, Tensors]; readonly results: Tensors },
  options: SessionOptions,
): Promise<{ near: Session; far: HalfThread; update: Session; dispose: () => Promise<void> }> {
  const ofHalf: SessionOptions = { ...options, threads: Math.max(1, Math.floor(threads / 2)), awake: threads > 3 };
  const model = modelBytes(half, options);
  const { feeds, results } = second;
  const starting = threads > 1 ? startHalfThread({ model, options: ofHalf, feeds, results }) : undefined;
  const opening = [openSession(model, ofHalf), openSession(update, { ...options, threads, awake: threads > 1 })];
  const opened = await Promise.allSettled([...opening, starting]);
  const dispose = async (): Promise<void> => {
    for (const one of opened) if (one.status === 'fulfilled') await one.value?.dispose();
  };
  for (const one of opened) {
    if (one.status === 'fulfilled') continue;
    await dispose();
    throw one.reason;
  }
  const [near, after] = [await opening[0], await opening[1]];
  const again: HalfThread = { run: (place) => near.runInto(feeds[place], results), dispose: () => Promise.resolve() };
  return { near, far: (await starting) ?? again, update: after, dispose };
}
