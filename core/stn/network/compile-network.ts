import type { NetworkDescription } from '../../contract/network.ts';
import { dropout } from '../../graph/ops/dropout.ts';
import { concat } from '../../graph/ops/movement.ts';
import type { ParameterGroups } from '../../graph/parameter-groups.ts';
import type { Builder } from '../../graph/rule.ts';
import { elementCount, type Tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import type { InputShape } from '../localisation-nets.ts';
import { nameTransformers } from '../../contract/network-names.ts';
import { type NetworkPurpose, type PlacedTransformer, planNetwork, type Step } from './plan-network.ts';
import { applyTransformer, type Transformed } from './transformer-layer.ts';

/** What a network says of a batch. */
export interface NetworkOutputs {
  /** Scores of the classes before softmax, `[N, classes]`. */
  readonly scores: Value;
  /** What every transformer made of the batch, in the order of `CompiledNetwork.transformers`. */
  readonly transformed: readonly Transformed[];
}

/** A network with its untrained parameters. */
export interface CompiledNetwork {
  readonly input: InputShape;
  readonly classes: number;
  readonly initial: Readonly<Record<string, Tensor>>;
  readonly transformers: readonly PlacedTransformer[];
  /** How localisation networks learn, for the optimiser. */
  readonly groups: ParameterGroups;
  readonly parameterCount: number;
  /**
   * Adds the network's nodes for images `[N, C, H, W]`. Dropout acts where `dropoutSeed` is given, a whole number that
   * changes with every step.
   */
  apply(g: Builder, images: Value, parameters: Readonly<Record<string, Value>>, dropoutSeed?: Value): NetworkOutputs;
}

/**
 * Turns a description into a network with seeded weights; the last layer, with one output per class, is added.
 *
 * **Throws** CongealError `usage` where layers do not fit together, names are used twice, or two transformers beside each
 * other would begin in one place.
 */
export function compileNetwork(description: NetworkDescription, purpose: NetworkPurpose): CompiledNetwork {
  const steps = planNetwork(nameTransformers(description.layers), purpose);
  const all = steps.flatMap(function flat(step): readonly Step[] {
    return step.kind === 'parallel' ? step.branches.flat().flatMap(flat) : [step];
  });
  const transformers = all.flatMap((step) => (step.kind === 'transformer' ? [step.plan] : []));
  const learned = all.flatMap((step) => {
    if (step.kind === 'network') return [step.network];
    return step.kind === 'transformer' ? [step.plan.localisation, step.plan.transform] : [];
  });
  const initial = Object.fromEntries(learned.flatMap((part) => Object.entries(part.initial)));
  return {
    input: purpose.input,
    classes: purpose.classes,
    initial,
    transformers,
    groups: Object.fromEntries(transformers.map(({ name, learningRate }) => [name, { rate: learningRate }])),
    parameterCount: Object.values(initial).reduce((sum, { shape }) => sum + elementCount(shape), 0),
    apply: (g, images, parameters, dropoutSeed) => {
      const transformed: Transformed[] = [];
      const through = (some: readonly Step[], from: Value): Value =>
        some.reduce((x, step) => {
          switch (step.kind) {
            case 'network':
              return step.network.apply(g, x, parameters);
            case 'dropout':
              return dropoutSeed === undefined ? x : drop(g, x, dropoutSeed, step);
            case 'transformer': {
              const made = applyTransformer(g, x, step.plan, parameters);
              transformed.push(made);
              return made.output;
            }
            case 'parallel': {
              const ends = step.branches.map((branch) => through(branch, x));
              return concat(g, ends, 1);
            }
          }
        }, from);
      return { scores: through(steps, images), transformed };
    },
  };
}

/** Drops units of dense layers, and whole channels of maps. */
function drop(g: Builder, x: Value, seed: Value, { rate, stream }: Step & { kind: 'dropout' }): Value {
  const shape = x.shape.length === 4 ? [x.shape[0], x.shape[1], 1, 1] : x.shape;
  return dropout(g, x, seed, { rate, stream, shape });
}
