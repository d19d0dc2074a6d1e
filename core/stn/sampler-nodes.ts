import type { WarpName } from '../geometry/warp.ts';
import { GraphError } from '../graph/graph-error.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { floor } from '../graph/ops/elementwise.ts';
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
  const places = kernel === 'nearest' ? pixelCentres(g, value, images, alignCorners) : value;
  return gridSample(g, images, places, { mode: kernel, paddingMode: padding, alignCorners });
}

/** Samplers that are trained with have a gradient; the integer kernel's is zero, that of the cubic one is not offered. */
export function requireTrainable({ kernel = 'bilinear' }: Sampling): void {
  if (kernel === 'bilinear') return;
  const why =
    kernel === 'nearest'
      ? 'the integer kernel takes whole pixels, so its gradient toward theta is zero everywhere and nothing would be learned'
      : 'the cubic kernel is for export and has no gradient here';
  throw new GraphError(`A transformer cannot be trained with the sampler '${kernel}': ${why}. Train with 'bilinear'.`);
}

/** Moves every place to the centre of its pixel, halves up: left to itself GridSample would round halves to even. */
function pixelCentres(g: Builder, grid: Value, images: Value, alignCorners: boolean): Value {
  const [, , rows, columns] = images.shape;
  const plane = (of: (size: number) => number): Value => {
    const [, height, width] = grid.shape;
    const pair = [of(columns), of(rows)];
    return g.constant(
      Float32Array.from({ length: height * width * 2 }, (_, i) => pair[i % 2]),
      [1, height, width, 2],
    );
  };
  /* One pixel has no extent between corner centres: every place is that pixel's. */
  const half = (size: number): number => (alignCorners ? size - 1 : size) / 2;
  const index = floor(
    g,
    add(
      g,
      mul(g, grid, plane(half)),
      plane((size) => size / 2),
    ),
  );
  const back = (size: number): number => (half(size) === 0 ? 0 : 1 / half(size));
  return mul(
    g,
    add(
      g,
      index,
      plane((size) => (1 - size) / 2),
    ),
    plane(back),
  );
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
