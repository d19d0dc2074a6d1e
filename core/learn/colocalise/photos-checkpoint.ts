import { CongealError } from '../../contract/errors.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { TrainingState } from '../training-loop.ts';
import type { FoundObject } from './discriminative.ts';

const stage = 'photos';
const direction = 'object.direction';
const network = 'network.';

/** What is kept of co-localisation of photos: the object that the search found, and the network as far as it is. */
export function writePhotoCheckpoint(object: FoundObject, training: TrainingState): Checkpoint {
  const { weights, middle } = object.direction;
  const { threshold, objectSize, separation, tried } = object;
  const { step, rate, losses } = training;
  const tensors = Object.entries(training.tensors).map(([name, tensor]) => [network + name, tensor] as const);
  return {
    stage,
    values: {
      object: { middle, threshold, objectSize, separation, tried: tried.map((each) => ({ ...each })) },
      training: { step, rate, losses },
    },
    tensors: {
      ...Object.fromEntries(tensors),
      [direction]: { dtype: 'float64', shape: [weights.length], data: weights },
    },
  };
}

/** Reads what {@link writePhotoCheckpoint} wrote. **Throws** CongealError `checkpoint-mismatch` when it is another's. */
export function readPhotoCheckpoint(
  checkpoint: Checkpoint,
  channels: number,
): { readonly object: FoundObject; readonly training: TrainingState } {
  const weights = direction in checkpoint.tensors ? checkpoint.tensors[direction].data : undefined;
  if (checkpoint.stage !== stage || !(weights instanceof Float64Array) || weights.length !== channels)
    throw new CongealError(
      'checkpoint-mismatch',
      `The checkpoint ('${checkpoint.stage}') does not belong to finding objects in these photos with this encoder. Start the run again without --resume.`,
    );
  const { object, training } = checkpoint.values as unknown as {
    readonly object: Omit<FoundObject, 'direction'> & { readonly middle: number };
    readonly training: Omit<TrainingState, 'tensors'>;
  };
  const { middle, ...found } = object;
  const tensors = Object.entries(checkpoint.tensors)
    .filter(([name]) => name.startsWith(network))
    .map(([name, tensor]) => [name.slice(network.length), tensor] as const);
  return {
    object: { ...found, direction: { weights, middle } },
    training: { ...training, tensors: Object.fromEntries(tensors) },
  };
}
