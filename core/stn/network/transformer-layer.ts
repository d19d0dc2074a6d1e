import type { TransformerLayer } from '../../contract/network.ts';
import type { WarpName } from '../../geometry/warp.ts';
import type { Random } from '../../geometry/random.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import type { Sampling } from '../grid-nodes.ts';
import type { Network } from '../layers.ts';
import { type InputShape, regressionNet } from '../localisation-nets.ts';
import { requireTrainable, sampleNodes } from '../sampler-nodes.ts';
import { transformerFamily, type TransformerFamily } from '../transformer-family.ts';
import type { StartingPlace } from './starting-places.ts';

/** What a transformer is, with everything filled in that a description may leave open. */
export interface TransformerPlan {
  readonly name: string;
  readonly family: WarpName;
  readonly input: InputShape;
  readonly sampling: Sampling;
  /** Factor on the learning rate of its localisation network. */
  readonly learningRate: number;
  readonly localisation: Network;
  /** Where theta begins, and the grid that it makes. */
  readonly transform: TransformerFamily;
}

/** What a transformer has made of a batch. */
export interface Transformed {
  readonly plan: TransformerPlan;
  /** What it looked at, `[N, C, H, W]`. */
  readonly input: Value;
  /** Parameters of its family, `[N, K]`. */
  readonly theta: Value;
  /** Where each output pixel comes from, `[N, height, width, 2]`, unit coordinates of the input. */
  readonly grid: Value;
  /** `[N, C, height, width]`. */
  readonly output: Value;
}

/** What a run says of transformers that do not say it themselves. */
export interface TransformerDefaults {
  readonly family: WarpName;
  readonly learningRate: number;
}

/**
 * Fills in what a description leaves open. `place` is where it begins where it says nothing of that.
 *
 * **Throws** a GraphError for an interpolation without a gradient, and as `transformerFamily`.
 */
export function planTransformer(
  layer: TransformerLayer & { readonly name: string },
  input: InputShape,
  { family: ownFamily, learningRate }: TransformerDefaults,
  place: StartingPlace,
  random: Random,
): TransformerPlan {
  const [, height, width] = input;
  const family = layer.family ?? ownFamily;
  const factor = layer.downsample ?? 1;
  const sampling: Sampling = {
    width: layer.width ?? Math.max(1, Math.round(width / factor)),
    height: layer.height ?? Math.max(1, Math.round(height / factor)),
    alignCorners: layer.alignCorners ?? false,
    kernel: layer.interpolation ?? 'bilinear',
    padding: layer.padding ?? 'zeros',
  };
  requireTrainable(sampling);
  const transform = transformerFamily(family, {
    sampling,
    place: layer.start ?? place,
    aspect: width / height,
    prefix: layer.name,
  });
  return {
    name: layer.name,
    family,
    input,
    sampling,
    transform,
    learningRate: layer.learningRate ?? learningRate,
    localisation: regressionNet(
      layer.localisation,
      family,
      input,
      random.fork(layer.name),
      transform.start,
      layer.name,
    ),
  };
}

/** Adds a transformer's nodes for images `[N, C, H, W]`. */
export function applyTransformer(
  g: Builder,
  input: Value,
  plan: TransformerPlan,
  parameters: Readonly<Record<string, Value>>,
): Transformed {
  const theta = plan.localisation.apply(g, input, parameters);
  const grid = plan.transform.grid(g, theta, parameters);
  return { plan, input, theta, grid: grid.value, output: sampleNodes(g, input, grid) };
}
