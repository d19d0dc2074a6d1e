import type { OpName } from '../../core/graph/op-name.ts';
import { sameShape } from '../../core/graph/tensor.ts';
import type { Node } from '../../core/graph/value.ts';
import { fill, halfToEven, type Kernel, list, type Numbers, real, take, whole, word } from './interpreter-arrays.ts';

/** Pixel of [N, C, H, W], 0 outside. */
function pixel({ shape, data }: Numbers, n: number, c: number, y: number, x: number): number {
  const [, channels, height, width] = shape;
  return y < 0 || x < 0 || y >= height || x >= width ? 0 : data[((n * channels + c) * height + y) * width + x];
}

function reflected(at: number, low: number, high: number): number {
  const span = high - low;
  if (span === 0) return low;
  const cycle = (((at - low) % (2 * span)) + 2 * span) % (2 * span);
  return low + (cycle > span ? 2 * span - cycle : cycle);
}

const gridSample: Kernel = (inputs, node) => {
  const [image, grid] = [take(inputs, 0), take(inputs, 1)];
  const [, channels, height, width] = image.shape;
  const corners = whole(node, 'align_corners', 0) === 1;
  const padding = word(node, 'padding_mode', 'zeros');
  const mode = word(node, 'mode', 'bilinear');
  const place = (unit: number, size: number): number =>
    corners ? ((unit + 1) / 2) * (size - 1) : ((unit + 1) * size - 1) / 2;
  const hold = (at: number, size: number): number => {
    if (padding === 'zeros') return at;
    const inner =
      padding === 'reflection' ? (corners ? reflected(at, 0, size - 1) : reflected(at, -0.5, size - 0.5)) : at;
    return Math.min(Math.max(inner, 0), size - 1);
  };
  /* A cubic reads beyond where it samples, so each pixel that it reads is held, not the place. */
  const cubicAt = (n: number, c: number, y: number, x: number): number => {
    const near = [-1, 0, 1, 2];
    return near
      .flatMap((dy) => near.map((dx) => [Math.floor(y) + dy, Math.floor(x) + dx]))
      .reduce((sum, [py, px]) => {
        const weight = cubic(y - py, -0.75) * cubic(x - px, -0.75);
        return sum + weight * pixel(image, n, c, hold(py, height), hold(px, width));
      }, 0);
  };
  return [
    fill([image.shape[0], channels, grid.shape[1], grid.shape[2]], ([n, c, i, j]) => {
      const base = ((n * grid.shape[1] + i) * grid.shape[2] + j) * 2;
      if (mode === 'bicubic') return cubicAt(n, c, place(grid.data[base + 1], height), place(grid.data[base], width));
      const x = hold(place(grid.data[base], width), width);
      const y = hold(place(grid.data[base + 1], height), height);
      if (mode === 'nearest') return pixel(image, n, c, halfToEven(y), halfToEven(x));
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      let sum = 0;
      for (const py of [y0, y0 + 1])
        for (const px of [x0, x0 + 1])
          sum += (1 - Math.abs(x - px)) * (1 - Math.abs(y - py)) * pixel(image, n, c, py, px);
      return sum;
    }),
  ];
};

function cubic(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
}

function shared(node: Node, sizes: Numbers, axes: number[], from: readonly number[]): number | undefined {
  const factors = axes.map((axis, k) => sizes.data[k] / from[axis]);
  const policy = word(node, 'keep_aspect_ratio_policy', 'stretch');
  return { not_larger: Math.min(...factors), not_smaller: Math.max(...factors) }[policy];
}

/** One axis at a time: every result is a weighted sum of source elements. */
const resize: Kernel = (inputs, node) => {
  let result = take(inputs, 0);
  const from = result.shape;
  const to = node.outputs[0].shape;
  /* What keeps its shape is copied, whatever the scales: ONNX Runtime does. */
  if (sameShape(from, to)) return [result];
  const axes = list(
    node,
    'axes',
    from.map((_, i) => i),
  ).map((i) => (i < 0 ? i + from.length : i));
  const mode = word(node, 'mode', 'nearest');
  const coordinates = word(node, 'coordinate_transformation_mode', 'half_pixel');
  const nearest = word(node, 'nearest_mode', 'round_prefer_floor');
  const a = real(node, 'cubic_coeff_a', -0.75);
  axes.forEach((axis, k) => {
    const scale = inputs[3]
      ? (shared(node, inputs[3], axes, from) ?? to[axis] / from[axis])
      : (inputs[2]?.data[k] ?? 1);
    const size = from[axis];
    const wide = whole(node, 'antialias', 0) === 1 && scale < 1 ? 1 / scale : 1;
    /* Which element is the nearest is decided by rounding, so places alone are computed in float32. */
    const single = Math.fround(scale);
    const centre = (at: number): number => {
      if (coordinates === 'asymmetric') return Math.fround(at / single);
      if (coordinates === 'align_corners') return to[axis] === 1 ? 0 : Math.fround((at * (size - 1)) / (to[axis] - 1));
      if (coordinates === 'pytorch_half_pixel' && to[axis] === 1) return 0;
      return Math.fround(Math.fround((at + 0.5) / single) - 0.5);
    };
    const source = result;
    result = fill(source.shape.with(axis, to[axis]), (at) => {
      const x = centre(at[axis]);
      const value = (p: number): number => {
        const place = at.with(axis, Math.min(Math.max(p, 0), size - 1));
        return source.data[place.reduce((sum, b, i) => sum * source.shape[i] + b, 0)];
      };
      if (mode === 'nearest') {
        if (nearest === 'floor') return value(Math.floor(x));
        if (nearest === 'ceil') return value(Math.ceil(x));
        /* Nearly the middle counts as the middle. */
        return value(nearest === 'round_prefer_ceil' ? Math.floor(x + 0.500001) : Math.ceil(x - 0.500001));
      }
      let [sum, total] = [0, 0];
      for (let p = Math.floor(x - 2 * wide) - 1; p <= Math.ceil(x + 2 * wide) + 1; p++) {
        const d = (p - x) / wide;
        const weight = mode === 'linear' ? Math.max(0, 1 - Math.abs(d)) : cubic(d, a);
        sum += weight * value(p);
        total += weight;
      }
      return sum / total;
    });
  });
  return [result];
};

/** Ops that read images between their pixels. */
export const samplingKernels = { GridSample: gridSample, Resize: resize } satisfies Partial<Record<OpName, Kernel>>;
