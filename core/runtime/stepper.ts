import type { Tensor } from '../graph/tensor.ts';

/** Runs a training graph again and again, keeping what it learns between the steps. Its memory is held until `dispose`. */
export interface Stepper {
  /** Runs one step with the given feeds beside the state; returns the outputs that are not state. */
  step(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Runs one step per set of feeds, in their order; returns what `step` returns of each. */
  run(feeds: readonly Readonly<Record<string, Tensor>>[]): Promise<Record<string, Tensor>[]>;
  /** A copy of the state as it is now, by input name. */
  state(): Promise<Record<string, Tensor>>;
  /** Puts an earlier state back. **Throws** CongealError `checkpoint-mismatch` when a tensor is missing or has another shape. */
  restore(state: Readonly<Record<string, Tensor>>): void;
  /** Frees the model and the state. */
  dispose(): Promise<void>;
}
