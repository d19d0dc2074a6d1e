import { CongealError } from '../contract/errors.ts';
import type { StepInHalves } from '../graph/step-in-halves.ts';
import { elementCount, sameShape, scalar, type Tensor, wrap } from '../graph/tensor.ts';
import type { Port } from '../graph/value.ts';
import { learnedPorts, suffix } from './learned-state.ts';
import type { PortInfo } from './session.ts';

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What is learned lies in one of two places in turn: a step reads one and writes the other. */
export type Place = 0 | 1;

/** What one half of a step reads and writes. */
interface HalfMemory {
  /** Its samples and what else is fed: inputs that are not learned. */
  readonly fed: Tensors;
  /** All that it reads, by the place of what is learned. */
  readonly feeds: readonly [Tensors, Tensors];
  readonly results: Tensors;
}

/** All tensors of a step in halves; every one lies in memory that threads share. */
export interface HalvesMemory {
  readonly learned: readonly PortInfo[];
  readonly states: readonly [Tensors, Tensors];
  readonly halves: readonly [HalfMemory, HalfMemory];
  /** What the halves leave for the update. */
  readonly between: Tensors;
  /** Where the update writes, by the place that it writes to. */
  readonly updated: readonly [Tensors, Tensors];
  readonly loss: Tensor;
}

/** Reserves the memory of a step in halves. */
export function reserveMemory({ half, update }: StepInHalves): HalvesMemory {
  const learned = learnedPorts({ inputs: update.inputs.map(portInfo), outputs: update.outputs.map(portInfo) });
  const isLearned = ({ name }: Port): boolean => learned.some((port) => port.name === name);
  const places = update.inputs.filter(isLearned);
  const states = [shared(places), shared(places)] as const;
  const loss = shared(update.outputs.filter(({ name }) => name === 'loss'))['loss'];
  const halfOf = (k: number): HalfMemory => {
    const fed = { ...shared(half.inputs.filter((port) => !isLearned(port))) };
    if ('half' in fed) write(fed['half'], scalar(k));
    const feeds = (state: Tensors): Tensors => ({ ...fed, ...pick(state, half.inputs.filter(isLearned)) });
    return { fed, feeds: [feeds(states[0]), feeds(states[1])], results: shared(half.outputs) };
  };
  const halves = [halfOf(0), halfOf(1)] as const;
  const between = halves.flatMap(({ results }, k) =>
    Object.entries(results).map(([name, of]) => [`${name}.${k}`, of] as const),
  );
  const updated = (state: Tensors): Tensors => ({
    ...Object.fromEntries(Object.entries(state).map(([name, of]) => [`${name}${suffix}`, of])),
    loss,
  });
  return {
    ...{ learned, states, halves, loss },
    between: Object.fromEntries(between),
    updated: [updated(states[0]), updated(states[1])],
  };
}

/**
 * Writes what a step is fed where both halves read it: a batch is cut in two, what fits as it is goes to both.
 * **Throws** CongealError `model-unsuitable` where a feed is missing or fits neither way.
 */
export function feedHalves({ halves }: HalvesMemory, feeds: Tensors): void {
  halves.forEach(({ fed }, k) => {
    for (const [name, target] of Object.entries(fed)) if (name !== 'half') write(target, feeds[name], name, k);
  });
}

/** Copies a tensor, or its half k, over another one. */
function write(target: Tensor, from: Tensor | undefined, name = 'half', k = 0): void {
  const whole = from !== undefined && sameShape(from.shape, target.shape);
  const [samples, ...rest] = target.shape;
  const inHalf = from !== undefined && target.shape.length > 0 && sameShape(from.shape, [2 * samples, ...rest]);
  if (!(whole || inHalf) || from.dtype !== target.dtype) {
    const found = from === undefined ? 'is not fed' : `is ${from.dtype} [${from.shape.join(', ')}]`;
    throw new CongealError(
      'model-unsuitable',
      `Input '${name}' ${found}, the model expects ${target.dtype} [${target.shape.join(', ')}] or twice as many samples.`,
    );
  }
  const count = target.data.length;
  (target.data as Float32Array).set(
    (inHalf ? from.data.subarray(k * count, (k + 1) * count) : from.data) as Float32Array,
  );
}

function portInfo({ name, value }: Port): PortInfo {
  return { name, dtype: value.dtype, shape: value.shape };
}

function pick(tensors: Tensors, ports: readonly Port[]): Tensors {
  return Object.fromEntries(ports.map(({ name }) => [name, tensors[name]]));
}

/** Tensors for ports in memory that threads share. */
function shared(ports: readonly Port[]): Tensors {
  return Object.fromEntries(
    ports.map(({ name, value: { shape, dtype } }) => {
      const array = arrays[dtype] as SharedArray;
      return [
        name,
        wrap(dtype, shape, new array(new SharedArrayBuffer(elementCount(shape) * array.BYTES_PER_ELEMENT))),
      ];
    }),
  );
}

/** A kind of typed array, over memory that threads share. */
interface SharedArray {
  readonly BYTES_PER_ELEMENT: number;
  new (memory: SharedArrayBuffer): Tensor['data'];
}

const arrays: Readonly<Record<Tensor['dtype'], unknown>> = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
};
