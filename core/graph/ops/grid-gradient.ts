import { GraphError } from '../graph-error.ts';
import { type Builder, inputOf, integer, text } from '../rule.ts';
import { type DType, elementCount } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { add, mul, sub } from './arithmetic.ts';
import { and, cast, greaterOrEqual, lessOrEqual } from './compare.ts';
import { abs, clip, floor } from './elementwise.ts';
import { scatterElements } from './indexing.ts';
import { concat, expand, reshape, slice, transpose } from './movement.ts';
import { reduceSum } from './reduce.ts';

/** Source pixel = unit coordinate * scale + offset, for x and y. */
interface PixelScale {
  readonly scale: readonly [number, number];
  readonly offset: readonly [number, number];
}

function pixelScale(node: Node): PixelScale {
  const [, , height, width] = inputOf(node, 0).shape;
  if (integer(node.attributes, 'align_corners', 0) === 1) {
    const scale = [(width - 1) / 2, (height - 1) / 2] as const;
    return { scale, offset: scale };
  }
  return { scale: [width / 2, height / 2], offset: [(width - 1) / 2, (height - 1) / 2] };
}

/** **Throws** GraphError for modes whose gradient does not exist or is not offered. */
export function checkSampleMode(node: Node): void {
  const mode = text(node.attributes, 'mode', 'bilinear');
  if (mode === 'bilinear') return;
  const why =
    mode === 'nearest' ? 'its gradient toward the grid is zero everywhere' : `mode '${mode}' has no gradient here`;
  throw new GraphError(`GridSample: ${why}; train with mode 'bilinear'`);
}

/**
 * Gradient toward the grid [N, h, w, 2]. The slope along x is the sample one whole pixel column to the right minus the
 * one to the left, along y likewise: one GridSample on a grid four times as tall, no scatter.
 * **Source**: Jaderberg et al. 2015, equations 7 and 8.
 */
export function gridGradient(g: Builder, node: Node, dy: Value): Value {
  const [x, grid] = [inputOf(node, 0), inputOf(node, 1)];
  const { scale, offset } = pixelScale(node);
  const [batch, height, width] = grid.shape;
  const plane = (values: readonly [number, number]): Value => pairs(g, values, [1, height, width, 2], grid.dtype);
  const step = scale.map((size) => (size === 0 ? 0 : 1 / size)) as [number, number];
  const base = floor(g, add(g, mul(g, grid, plane(scale)), plane(offset)));
  const lower = mul(g, sub(g, base, plane(offset)), plane(step));
  const back = sub(g, lower, grid);
  const left = add(g, grid, mul(g, back, plane([1, 0])));
  const above = add(g, grid, mul(g, back, plane([0, 1])));
  const right = add(g, left, plane([step[0], 0]));
  const below = add(g, above, plane([0, step[1]]));
  const samples = g.node('GridSample', [x, concat(g, [right, below, left, above], 1)], node.attributes);
  const half = (from: number): Value =>
    slice(g, samples, { axes: [2], starts: [from * height], ends: [(from + 2) * height] });
  const channels = x.shape[1];
  const slopes = reshape(g, sub(g, half(0), half(2)), [batch, channels, 2, height * width]);
  const weighted = mul(g, slopes, reshape(g, dy, [batch, channels, 1, height * width]));
  const summed = channels === 1 ? weighted : reduceSum(g, weighted, { axes: [1], keepDims: true });
  const last = transpose(g, reshape(g, summed, [batch, 2, height * width]), [0, 2, 1]);
  return mul(g, reshape(g, last, grid.shape), plane(scale));
}

/** Source pixels along an axis of `size` as the padding mode sees them: as they are, at the border, or turned back inside. */
function held(g: Builder, at: Value, size: number, { attributes }: Node): Value {
  const padding = text(attributes, 'padding_mode', 'zeros');
  if (padding === 'zeros') return at;
  const corners = integer(attributes, 'align_corners', 0) === 1;
  const [low, span] = corners ? [0, size - 1] : [-0.5, size];
  const turned = padding === 'reflection' && span > 0 ? reflected(g, at, low, span) : at;
  return clip(g, turned, { min: 0, max: size - 1 });
}

/** Folded at `low` and at `low + span` as often as it takes. */
function reflected(g: Builder, at: Value, low: number, span: number): Value {
  const away = abs(g, sub(g, at, low));
  const turns = floor(g, mul(g, away, 1 / span));
  const rest = sub(g, away, mul(g, turns, span));
  const odd = sub(g, turns, mul(g, floor(g, mul(g, turns, 0.5)), 2));
  return add(g, add(g, rest, mul(g, odd, sub(g, span, mul(g, rest, 2)))), low);
}

/**
 * Gradient toward the image [N, C, H, W]: dy spread over the four neighbours of each sample by their weights. Where the
 * samples lie is known only at run time, so this alone must scatter (ScatterElements with reduction 'add').
 */
export function imageGradient(g: Builder, node: Node, dy: Value): Value {
  const [x, grid] = [inputOf(node, 0), inputOf(node, 1)];
  const { scale, offset } = pixelScale(node);
  const [batch, channels, height, width] = x.shape;
  const places = grid.shape[1] * grid.shape[2];
  const axis = (which: 0 | 1, size: number): Value[][] => {
    const unit = reshape(g, slice(g, grid, { axes: [3], starts: [which], ends: [which + 1] }), [batch, 1, places]);
    const at = held(g, add(g, mul(g, unit, scale[which]), offset[which]), size, node);
    const low = floor(g, at);
    const high = add(g, low, 1);
    return [
      [low, inside(g, low, sub(g, high, at), size)],
      [high, inside(g, high, sub(g, at, low), size)],
    ].map(([index, weight]) => [clip(g, index, { min: 0, max: size - 1 }), weight]);
  };
  const [columns, rows] = [axis(0, width), axis(1, height)];
  const flat = reshape(g, dy, [batch, channels, places]);
  const corners = rows.flatMap(([row, rowWeight]) =>
    columns.map(([column, columnWeight]) => [
      add(g, mul(g, row, width), column),
      mul(g, flat, mul(g, rowWeight, columnWeight)),
    ]),
  );
  const all = (part: 0 | 1): Value =>
    concat(
      g,
      corners.map((corner) => corner[part]),
      2,
    );
  const indices = cast(g, expand(g, all(0), [batch, channels, 4 * places]), 'int64');
  const empty = expand(g, g.constant(0, [], dy.dtype), [batch, channels, elementCount([height, width])]);
  return reshape(g, scatterElements(g, empty, indices, all(1), 2, 'add'), x.shape);
}

/** The weight where the index lies in the image, else 0. */
function inside(g: Builder, index: Value, weight: Value, size: number): Value {
  return mul(g, weight, cast(g, and(g, greaterOrEqual(g, index, 0), lessOrEqual(g, index, size - 1)), weight.dtype));
}

/** A constant of repeated (x, y) pairs as large as a grid: broadcasting over an innermost axis of 2 is slow. */
function pairs(g: Builder, values: readonly [number, number], shape: readonly number[], dtype: DType): Value {
  return g.constant(
    Array.from({ length: elementCount(shape) }, (_, i) => values[i % 2]),
    shape,
    dtype,
  );
}
