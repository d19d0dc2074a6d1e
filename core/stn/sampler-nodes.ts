import type { WarpName } from '../geometry/warp.ts';
import { gridSample } from '../graph/ops/sample.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';
import { familyGrid, gridNodes, type Sampling, type SamplingGrid } from './grid-nodes.ts';
import type { NodeFrame } from './transform-nodes.ts';

/**
 * Adds the sampler: images `[N, C, H, W]` read at a grid, `[N, C, height, width]`, with the flags the grid was made for.
 * Every channel is sampled at the same places.
 */
export function sampleNodes(g: Builder, images: Value, { value, sampling }: SamplingGrid): Value {
  const { kernel = 'bilinear', padding = 'zeros', alignCorners } = sampling;
  return gridSample(g, images, value, { mode: kernel, paddingMode: padding, alignCorners });
}

/** Adds a warp by unit matrices `[N, 2, 3]` or `[N, 3, 3]`: grid and sampler in one. **Convention**: target to source. */
export function warpNodes(g: Builder, images: Value, matrix: Value, sampling: Sampling): Value {
  return sampleNodes(g, images, gridNodes(g, matrix, sampling));
}

/**
 * Adds a spatial transformer: images `[N, C, H, W]` and a family's parameters `[N, K]` to crops `[N, C, height, width]`.
 *
 * **Source**: M. Jaderberg et al., "Spatial Transformer Networks", 2015, sections 3.2 and 3.3.
 */
export function transformerNodes(
  g: Builder,
  images: Value,
  family: WarpName,
  parameters: Value,
  sampling: Sampling,
  frame: NodeFrame = {},
): Value {
  return sampleNodes(g, images, familyGrid(g, family, parameters, sampling, frame));
}
