import type { NetworkDescription } from '../../contract/network.ts';
import type { WarpName } from '../../geometry/warp.ts';
import { createRandom } from '../../geometry/random.ts';
import { compileNetwork } from '../../stn/network/compile-network.ts';

/** A network and the colour pictures that it is to tell apart. */
export interface NetworkCheck {
  readonly network: NetworkDescription;
  /** Of transformers that do not say it themselves. */
  readonly family: WarpName;
  readonly transformerRate: number;
  /** Side of the pictures in pixels. */
  readonly size: number;
  readonly classes: number;
}

/** Works a network out and lets go of it: one that does not fit is refused before any picture is read. **Throws** as `compileNetwork`. */
export function checkNetwork({ network, family, transformerRate, size, classes }: NetworkCheck): Promise<undefined> {
  compileNetwork(network, {
    input: [3, size, size],
    classes,
    random: createRandom(1),
    defaults: { family, learningRate: transformerRate },
  });
  return Promise.resolve(undefined);
}
