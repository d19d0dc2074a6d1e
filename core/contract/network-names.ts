import { CongealError } from './errors.ts';
import type { NetworkLayer, TransformerLayer } from './network.ts';

type Named<Layer> = Layer extends TransformerLayer ? Omit<Layer, 'name'> & { readonly name: string } : Layer;

/** A layer of a network in which every transformer has a name. */
export type NamedLayer =
  | Named<Exclude<NetworkLayer, { kind: 'parallel' }>>
  | {
      readonly kind: 'parallel';
      readonly branches: readonly (readonly Named<Exclude<NetworkLayer, { kind: 'parallel' }>>[])[];
    };

/** Names that parameters of other layers begin with, and the file of the whole network. */
const taken = new Set(['layers', 'scores', 'classifier']);

/**
 * Gives every transformer without a name one of its own: `transformer`, or `transformer-1`, `transformer-2` in the order
 * of the layers where there are several.
 *
 * **Throws** CongealError `usage` for a name that is used twice or reserved.
 */
export function nameTransformers(layers: readonly NetworkLayer[]): readonly NamedLayer[] {
  const all = transformersIn(layers);
  const used = new Set<string>();
  for (const { name } of all) {
    if (name === undefined) continue;
    if (!used.has(name) && !taken.has(name)) used.add(name);
    else
      throw new CongealError(
        'usage',
        taken.has(name)
          ? `No transformer of a network can be called '${name}': other things are. Choose another name.`
          : `Two transformers of the network are called '${name}'. Give each a name of its own.`,
      );
  }
  const unnamed = all.filter(({ name }) => name === undefined).length;
  let next = 1;
  const freeName = (): string => {
    for (;;) {
      const name = all.length === 1 && unnamed === 1 ? 'transformer' : `transformer-${next++}`;
      if (!used.has(name)) return name;
    }
  };
  const nameOne = (layer: Exclude<NetworkLayer, { kind: 'parallel' }>) =>
    layer.kind === 'transformer' ? { ...layer, name: layer.name ?? freeName() } : layer;
  return layers.map((layer) =>
    layer.kind === 'parallel'
      ? { ...layer, branches: layer.branches.map((branch) => branch.map(nameOne)) }
      : nameOne(layer),
  );
}

/** Every transformer of a network, in the order of its layers. */
export function transformersIn<Layer extends NetworkLayer | NamedLayer>(
  layers: readonly Layer[],
): readonly Extract<Layer, { kind: 'transformer' }>[] {
  return layers
    .flatMap((layer): readonly (NetworkLayer | NamedLayer)[] =>
      layer.kind === 'parallel' ? layer.branches.flat() : [layer],
    )
    .filter((layer): layer is Extract<Layer, { kind: 'transformer' }> => layer.kind === 'transformer');
}
