import type { Random } from '../../geometry/random.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { adamState } from '../../graph/optimisers.ts';
import { float32, scalar, type Tensor } from '../../graph/tensor.ts';
import { parameterInputs } from '../../stn/layers.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import type { TrainingState, TrainingStep } from '../training-loop.ts';
import {
  type CentredMaps,
  gainLossNodes,
  meanWindowEnergy,
  meanWindowNodes,
  splitPhases,
  type WindowLattice,
} from './gain.ts';
import { type LocaliserSchedule, runSchedule } from './schedule.ts';

/** A network that spreads its attention over the places of a lattice. */
export interface AttentionNet {
  /** Untrained parameters by name. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /** Adds the share of each place, `[N, places * places]` row by row with sum 1, for what it sees, `[N, C, H, W]`. */
  readonly attention: (g: Builder, input: Value, parameters: Readonly<Record<string, Value>>) => Value;
}

/** What a network learns from: what it sees of each image, and the features whose shared part it must find. */
export interface LocaliserSet {
  readonly maps: CentredMaps;
  /** What the network sees, `[N, ...inputShape]`. */
  readonly input: Float32Array;
  readonly inputShape: readonly [channels: number, height: number, width: number];
}

/** A state before the first step. */
export function startLocaliser(net: Pick<AttentionNet, 'initial'>): TrainingState {
  return { step: 0, rate: 1, losses: [], tensors: adamState(net.initial) };
}

/** The learned parameters of a state, without the optimiser's moments. */
export function learnedParameters(
  net: Pick<AttentionNet, 'initial'>,
  state: Pick<TrainingState, 'tensors'>,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(Object.keys(net.initial).map((name) => [name, state.tensors[name]]));
}

/** Members of a batch: whole passes over the set in an order that follows from the seed and the step alone. */
export function drawBatch(count: number, batch: number, step: number, random: Random): number[] {
  if (batch >= count) return Array.from({ length: count }, (_, i) => i);
  const perPass = Math.floor(count / batch);
  const order = random.fork(`pass ${Math.floor(step / perPass)}`).shuffle(Array.from({ length: count }, (_, i) => i));
  const from = (step % perPass) * batch;
  return order.slice(from, from + batch);
}

/**
 * Trains a network from nothing to attend to what a set shares: it maximises the squared length of the mean
 * window under its attention (the loss is minus the logarithm). Every gradient is part of one ONNX graph.
 */
export async function* trainLocaliser(
  net: AttentionNet,
  set: LocaliserSet,
  lattice: WindowLattice,
  schedule: LocaliserSchedule,
  start: TrainingState,
  random: Random,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<TrainingStep, TrainingState> {
  const { maps, input, inputShape } = set;
  const batch = Math.min(schedule.batch, maps.count);
  const size = lattice.places + lattice.window / lattice.step - 1;
  const channels = maps.channels * lattice.step ** 2;
  const energy = scalar(meanWindowEnergy(maps, lattice));

  const g = new GraphBuilder();
  const pixels = g.input('input', [batch, ...inputShape]);
  const phases = g.input('phases', [channels, batch, size, size]);
  const parameters = parameterInputs(g, net.initial);
  const attention = net.attention(g, pixels, parameters);
  const loss = gainLossNodes(g, meanWindowNodes(g, attention, phases, lattice), g.input('energy', []));

  const feedsAt = (step: number): Record<string, Tensor> => {
    const members = drawBatch(maps.count, batch, step, random);
    const draw = random.fork(`shift ${step}`);
    const shift = { x: draw.integer(lattice.step), y: draw.integer(lattice.step) };
    const seen = shifted(input, inputShape, members, shift, inputShape[1] / maps.cells);
    const shape = [maps.channels, maps.cells, maps.cells] as const;
    const data = shifted(maps.data, shape, members, shift, 1);
    const split = splitPhases({ ...maps, count: batch, data }, lattice);
    const windows = new Float32Array(split.data.length);
    const plane = size ** 2;
    for (let b = 0; b < batch; b++)
      for (let c = 0; c < channels; c++) {
        const from = (b * channels + c) * plane;
        windows.set(split.data.subarray(from, from + plane), (c * batch + b) * plane);
      }
    return {
      input: float32(seen, [batch, ...inputShape]),
      phases: float32(windows, [channels, batch, size, size]),
      energy,
    };
  };
  const lesson = { graph: g, loss, parameters, feedsAt };
  return yield* runSchedule(lesson, schedule, start, options);
}

/**
 * The members' planes `[C, H, W]`, moved right and down by a shift in cells of `unit` samples, zeros moving in: objects
 * lie at every offset from the lattice of places.
 */
function shifted(
  values: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  members: readonly number[],
  shift: { readonly x: number; readonly y: number },
  unit: number,
): Float32Array {
  const [right, down] = [Math.round(shift.x * unit), Math.round(shift.y * unit)];
  const moved = new Float32Array(members.length * channels * height * width);
  members.forEach((member, b) => {
    for (let c = 0; c < channels; c++)
      for (let y = down; y < height; y++) {
        const from = ((member * channels + c) * height + y - down) * width;
        moved.set(values.subarray(from, from + width - right), ((b * channels + c) * height + y) * width + right);
      }
  });
  return moved;
}
