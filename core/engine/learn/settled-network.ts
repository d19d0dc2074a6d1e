import type { NetworkDescription } from '../../contract/network.ts';
import { nameTransformers } from '../../contract/network-names.ts';
import type { LearnOptions } from '../../contract/options.ts';

/**
 * The network with everything said that its run had to add: name, family and learning rate of every transformer. Trained
 * again it has the same transformers, whatever that run is told.
 *
 * **Throws** as `nameTransformers`.
 */
export function settledNetwork(
  network: NetworkDescription,
  { family, transformerRate }: Pick<LearnOptions, 'family' | 'transformerRate'>,
) {
  const settle = <Layer extends { readonly kind: string }>(layer: Layer) =>
    layer.kind === 'transformer' ? { family, learningRate: transformerRate, ...layer } : layer;
  const layers = nameTransformers(network.layers).map((layer) =>
    layer.kind === 'parallel'
      ? { ...layer, branches: layer.branches.map((branch) => branch.map(settle)) }
      : settle(layer),
  );
  return { ...network, layers };
}
