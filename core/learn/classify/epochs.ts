import type { Tensor } from '../../graph/tensor.ts';
import type { Checkpoint, Json } from '../checkpoint.ts';
import type { TrainingState } from '../training-loop.ts';

/** Mean and standard deviation of each of a transformer's parameters over some images. */
export interface ThetaSpread {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** What is known of a network after an epoch. */
export interface EpochRecord {
  /** Counts from 1; 0 is before training. */
  readonly epoch: number;
  /** Mean loss of the epoch's steps; null before training. */
  readonly loss: number | null;
  /** Share of wrong answers and mean loss on the validation set; null where there is none. */
  readonly validation: { readonly error: number; readonly loss: number } | null;
  /** By transformer. */
  readonly theta: Readonly<Record<string, ThetaSpread>>;
}

/** Where the training of a classifier stands. */
export interface ClassifierState {
  readonly training: TrainingState;
  readonly epochs: readonly EpochRecord[];
  /** The epoch that did best so far, and its parameters; undefined where nothing is validated. */
  readonly best: { readonly epoch: number; readonly parameters: Readonly<Record<string, Tensor>> } | undefined;
}

/** Whether an epoch did better than another one: fewer errors, or as many at a smaller loss. */
export function isBetter(one: EpochRecord, other: EpochRecord): boolean {
  if (one.validation === null || other.validation === null) return false;
  const { error, loss } = one.validation;
  return error < other.validation.error || (error === other.validation.error && loss < other.validation.loss);
}

const stage = 'train';
const bestPrefix = 'best:';

/** A state as a checkpoint. */
export function toClassifierCheckpoint({ training, epochs, best }: ClassifierState): Checkpoint {
  const kept = Object.entries(best?.parameters ?? {}).map(
    ([name, tensor]) => [`${bestPrefix}${name}`, tensor] as const,
  );
  return {
    stage,
    values: {
      step: training.step,
      rate: training.rate,
      losses: [...training.losses],
      epochs: epochs.map(toJson),
      best: best?.epoch ?? null,
    },
    tensors: { ...training.tensors, ...Object.fromEntries(kept) },
  };
}

function toJson({ epoch, loss, validation, theta }: EpochRecord): Json {
  const spreads = Object.entries(theta).map(([name, { mean, deviation }]) => [name, { mean, deviation }] as const);
  return { epoch, loss, validation: validation && { ...validation }, theta: Object.fromEntries(spreads) };
}

/** The state that a checkpoint holds. */
export function fromClassifierCheckpoint({ values, tensors }: Checkpoint): ClassifierState {
  const own = Object.entries(tensors).filter(([name]) => !name.startsWith(bestPrefix));
  const kept = Object.entries(tensors)
    .filter(([name]) => name.startsWith(bestPrefix))
    .map(([name, tensor]): [string, Tensor] => [name.slice(bestPrefix.length), tensor]);
  const best = values['best'];
  return {
    training: {
      step: Number(values['step']),
      rate: Number(values['rate']),
      losses: values['losses'] as readonly number[],
      tensors: Object.fromEntries(own),
    },
    epochs: values['epochs'] as unknown as readonly EpochRecord[],
    best: typeof best === 'number' ? { epoch: best, parameters: Object.fromEntries(kept) } : undefined,
  };
}
