import type { Encoder } from '../../features/encoder.ts';
import { latticeShift, type FeatureExtractor, type Projection } from '../../features/feature-maps.ts';
import { orientedGradientNodes } from '../../features/oriented-gradients.ts';
import { projectionNodes } from '../../features/projection-nodes.ts';
import { decode } from '../../graph/decode.ts';
import { add, mul } from '../../graph/ops/arithmetic.ts';
import { gather } from '../../graph/ops/indexing.ts';
import type { Builder } from '../../graph/rule.ts';
import { spliceModel } from '../../graph/splice.ts';
import type { Value } from '../../graph/value.ts';
import type { DescribedNodes } from './refine-nodes.ts';
import { maskNodes, renderNodes, type ViewNodes } from './view-nodes.ts';

/** What describes images: an extractor and, where it runs an encoder, that encoder. */
export interface FeatureSource {
  readonly extractor: FeatureExtractor;
  readonly encoder?: Encoder | undefined;
}

/** Describes images through the windows of `toUnit` `[N, 3, 3]` as `cells` x `cells` maps, zero outside the images. */
export type DescribeNodes = (views: ViewNodes, toUnit: Value, cells: number) => DescribedNodes;

/**
 * Prepares the description of images as nodes, agreeing with `describePoses` of joint alignment.
 *
 * **Throws** GraphError for an encoder with an op that has no rule.
 */
export function createDescribeNodes(
  g: Builder,
  { extractor, encoder }: FeatureSource,
  projection: Projection,
): DescribeNodes {
  const { components, channels, kernel, dilation } = projection;
  const weights = g.constant(projection.weights, [components, channels, kernel, kernel]);
  const bias = g.constant(projection.bias, [components]);
  const raw = encoder === undefined ? (grey: Value) => orientedGradientNodes(g, grey) : encoderNodes(g, encoder);
  const shift = latticeShift(extractor);
  return (views, toUnit, cells) => {
    const crop = renderNodes(g, views, toUnit, cells * extractor.stride, shift);
    const masks = maskNodes(g, toUnit, cells);
    return { masks, maps: mul(g, projectionNodes(g, raw(crop), weights, bias, dilation), masks) };
  };
}

/** The encoder as nodes. */
function encoderNodes(g: Builder, encoder: Encoder): (rgb: Value) => Value {
  const { inputName, outputName, normalisation } = encoder;
  const model = decode(encoder.model);
  return (rgb) => {
    const scale = g.constant([...normalisation.scale], [1, 3, 1, 1]);
    const ordered = gather(g, rgb, normalisation.order, 1);
    const input = add(g, mul(g, ordered, scale), g.constant([...normalisation.shift], [1, 3, 1, 1]));
    return spliceModel(g, model, { [inputName]: input }, [outputName])[outputName];
  };
}
