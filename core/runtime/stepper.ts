import { CongealError } from '../contract/errors.ts';
import { copyTensor, type Tensor } from '../graph/tensor.ts';
import type { Session } from './session.ts';

/** Runs a training graph again and again, keeping what it learns between the steps. */
export interface Stepper {
  /** Runs one step with the given feeds beside the state; returns the outputs that are not state. */
  step(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** A copy of the state as it is now, by input name. */
  state(): Record<string, Tensor>;
  /** Puts an earlier state back. **Throws** CongealError `checkpoint-mismatch` when a tensor is missing or has another shape. */
  restore(state: Readonly<Record<string, Tensor>>): void;
}

/**
 * A stepper over a session whose outputs `X.next` are the new values of its inputs `X`.
 * **Throws** CongealError `checkpoint-mismatch` when the initial state does not hold exactly these inputs.
 */
export function createStepper(session: Session, initialState: Readonly<Record<string, Tensor>>): Stepper {
  const suffix = '.next';
  const names = session.outputNames
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
  const kept = new Map<string, Tensor>();
  const restore = (state: Readonly<Record<string, Tensor>>): void => {
    for (const name of names) if (!(name in state)) throw mismatch(`holds no '${name}'`);
    for (const name of Object.keys(state))
      if (!names.includes(name)) throw mismatch(`holds '${name}', which the model does not learn`);
    for (const name of names) {
      const { shape } = session.inputs.find((port) => port.name === name) ?? { shape: [] };
      const found = state[name].shape;
      if (found.join() !== shape.join())
        throw mismatch(`holds '${name}' of shape [${found.join(', ')}], expected [${shape.join(', ')}]`);
    }
    for (const name of names) kept.set(name, copyTensor(state[name]));
  };
  restore(initialState);
  return {
    restore,
    state: () => Object.fromEntries(Array.from(kept, ([name, value]) => [name, copyTensor(value)])),
    step: async (feeds) => {
      const results = await session.run({ ...feeds, ...Object.fromEntries(kept) });
      const others: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(results)) {
        const state = name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
        if (state === undefined) others[name] = value;
        else kept.set(state, value);
      }
      return others;
    },
  };
}

function mismatch(what: string): CongealError {
  return new CongealError(
    'checkpoint-mismatch',
    `The training state ${what}. Start afresh, or use the model it belongs to.`,
  );
}
