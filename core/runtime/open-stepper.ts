import { hasHalves, type Lesson, stepInHalves, wholeStep } from '../graph/step-in-halves.ts';
import { copyTensor, type Tensor } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';
import { openDeviceStepper } from './device-stepper.ts';
import { openHalvesStepper } from './halves-stepper.ts';
import { checkState, learnedPorts, suffix } from './learned-state.ts';
import type { SessionOptions } from './native.ts';
import { openSession } from './session.ts';
import type { Stepper } from './stepper.ts';

/**
 * A stepper over a training graph whose outputs `X.next` are the new values of its inputs `X`, or over a lesson: then the
 * processor computes the halves of an even batch at once. With WebGPU parameters and moments stay in the memory of the graphics
 * card, and reading outputs back costs least when several steps run at once; with CUDA they are copied in every step.
 *
 * **Throws** CongealError `checkpoint-mismatch` when the initial state does not hold exactly these inputs, and what
 * `openSession` throws.
 */
export async function openStepper(
  model: Uint8Array | Graph | Lesson,
  initialState: Readonly<Record<string, Tensor>>,
  options: SessionOptions = {},
): Promise<Stepper> {
  if ('loss' in model) {
    const inHalves = (options.provider ?? 'cpu') === 'cpu' && hasHalves(model);
    return inHalves
      ? await openHalvesStepper(stepInHalves(model), initialState, options)
      : await openStepper(wholeStep(model), initialState, options);
  }
  return (options.provider ?? 'cpu') === 'webgpu'
    ? await openDeviceStepper(model, initialState, options)
    : await openPlainStepper(model, initialState, options);
}

/** Gives the memory of a tensor back at once: the next step writes there, and not into pages that the system must find first. */
function free({ data }: Tensor): void {
  (data.buffer as ArrayBuffer).transfer(0);
}

async function openPlainStepper(
  model: Uint8Array | Graph,
  initialState: Readonly<Record<string, Tensor>>,
  options: SessionOptions,
): Promise<Stepper> {
  const session = await openSession(model, { awake: true, ...options });
  const learned = learnedPorts(session);
  const kept = new Map<string, Tensor>();
  const restore = (state: Readonly<Record<string, Tensor>>): void => {
    checkState(learned, state);
    for (const { name } of learned) kept.set(name, copyTensor(state[name]));
  };
  const step = async (feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> => {
    const results = await session.run({ ...feeds, ...Object.fromEntries(kept) });
    for (const { name } of learned) {
      const old = kept.get(name);
      kept.set(name, results[`${name}${suffix}`]);
      if (old) free(old);
    }
    return Object.fromEntries(Object.entries(results).filter(([name]) => !name.endsWith(suffix)));
  };
  try {
    restore(initialState);
  } catch (error) {
    await session.dispose();
    throw error;
  }
  return {
    restore,
    step,
    state: () => Promise.resolve(Object.fromEntries(Array.from(kept, ([name, of]) => [name, copyTensor(of)]))),
    run: async (feeds) => {
      const outputs: Record<string, Tensor>[] = [];
      for (const one of feeds) outputs.push(await step(one));
      return outputs;
    },
    dispose: () => session.dispose(),
  };
}
