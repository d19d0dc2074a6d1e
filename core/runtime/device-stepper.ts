import type { Tensor as RuntimeTensor } from 'onnxruntime-node';
import type { Tensor } from '../graph/tensor.ts';
import { copyTensor } from '../graph/tensor.ts';
import { decode } from '../graph/decode.ts';
import type { Graph } from '../graph/value.ts';
import { release, track } from './device-memory.ts';
import { openReader, type DeviceReader } from './device-reader.ts';
import { checkState, learnedPorts, suffix } from './learned-state.ts';
import type { SessionOptions } from './native.ts';
import { checkNames, openNative, toRuntime } from './native.ts';
import type { Stepper } from './stepper.ts';

/**
 * A stepper whose parameters, moments and outputs stay in the memory of the device: what a step leaves there is fed to the
 * next one, outputs are read back once per `run`. **Throws** as `openStepper`.
 */
export async function openDeviceStepper(
  model: Uint8Array | Graph,
  initialState: Readonly<Record<string, Tensor>>,
  options: SessionOptions,
): Promise<Stepper> {
  const session = await openNative(model, options, outputNames(model));
  const { native, inputs, outputs } = session;
  const learned = learnedPorts(session);
  const fed = inputs.filter((port) => !learned.includes(port));
  const told = outputs.filter(({ name }) => !name.endsWith(suffix));
  const kept = new Map<string, RuntimeTensor>();
  const readers = new Map<string, Promise<DeviceReader>>();
  const readerOf = (key: string, ports: () => Parameters<typeof openReader>[0]): Promise<DeviceReader> => {
    const known = readers.get(key) ?? openReader(ports(), options);
    readers.set(key, known);
    return known;
  };
  const replace = (name: string, tensor: RuntimeTensor): void => {
    const old = kept.get(name);
    kept.set(name, tensor);
    if (old !== undefined) release(old);
  };
  const restore = (state: Readonly<Record<string, Tensor>>): void => {
    checkState(learned, state);
    for (const port of learned) replace(port.name, toRuntime(port, copyTensor(state[port.name])));
  };
  const step = async (feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, RuntimeTensor>> => {
    checkNames({ ...feeds, ...Object.fromEntries(kept) }, undefined, native);
    const given = Object.fromEntries(fed.map((port) => [port.name, toRuntime(port, feeds[port.name])]));
    const results = await native.run({ ...given, ...Object.fromEntries(kept) });
    for (const { name } of outputs) track(results[name]);
    for (const { name } of learned) replace(name, results[`${name}${suffix}`]);
    return Object.fromEntries(told.map(({ name }) => [name, results[name]]));
  };
  try {
    restore(initialState);
  } catch (error) {
    await native.release();
    throw error;
  }
  const run: Stepper['run'] = async (feeds) => {
    const left: Record<string, RuntimeTensor> = {};
    try {
      for (const [n, one] of feeds.entries())
        for (const [name, tensor] of Object.entries(await step(one))) left[`${n}:${name}`] = tensor;
      const reader = await readerOf(`outputs of ${feeds.length}`, () =>
        feeds.flatMap((_, n) => told.map((port) => ({ ...port, key: `${n}:${port.name}` }))),
      );
      const read = await reader.read(left);
      return feeds.map((_, n) => Object.fromEntries(told.map(({ name }) => [name, read[`${n}:${name}`]])));
    } finally {
      for (const tensor of Object.values(left)) release(tensor);
    }
  };
  return {
    restore,
    run,
    step: async (feeds) => (await run([feeds]))[0],
    state: async () => {
      const reader = await readerOf('state', () => learned.map((port) => ({ ...port, key: port.name })));
      return await reader.read(Object.fromEntries(kept));
    },
    dispose: async () => {
      for (const tensor of kept.values()) release(tensor);
      kept.clear();
      /* One that could not be opened, as where memory ran out, has nothing to give back. */
      for (const reader of await Promise.allSettled(readers.values()))
        if (reader.status === 'fulfilled') await reader.value.dispose();
      readers.clear();
      await native.release();
    },
  };
}

function outputNames(model: Uint8Array | Graph): readonly string[] {
  return (model instanceof Uint8Array ? decode(model) : model).outputs.map(({ name }) => name);
}
