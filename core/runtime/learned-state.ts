import { CongealError } from '../contract/errors.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { PortInfo } from './native.ts';

/** The output `X.next` is the new value of the input `X`. */
export const suffix = '.next';

/** The inputs that a training graph learns. */
export function learnedPorts(model: {
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
}): readonly PortInfo[] {
  const next = new Set(model.outputs.map(({ name }) => name).filter((name) => name.endsWith(suffix)));
  return model.inputs.filter(({ name }) => next.has(`${name}${suffix}`));
}

/** Refuses a state that does not hold exactly what is learned. **Throws** CongealError `checkpoint-mismatch`. */
export function checkState(learned: readonly PortInfo[], state: Readonly<Record<string, Tensor>>): void {
  for (const { name } of learned) if (!(name in state)) throw mismatch(`holds no '${name}'`);
  for (const name of Object.keys(state))
    if (!learned.some((port) => port.name === name)) throw mismatch(`holds '${name}', which the model does not learn`);
  for (const { name, shape } of learned) {
    const found = state[name].shape;
    if (found.join() !== shape.join())
      throw mismatch(`holds '${name}' of shape [${found.join(', ')}], expected [${shape.join(', ')}]`);
  }
}

function mismatch(what: string): CongealError {
  return new CongealError(
    'checkpoint-mismatch',
    `The training state ${what}. Start afresh, or use the model it belongs to.`,
  );
}
