import { GraphError } from '../graph-error.ts';
import { type Builder, inputOf, integer, text } from '../rule.ts';
import type { Node, Value } from '../value.ts';
import { add, min, mul, sub } from './arithmetic.ts';
import { and, cast, greaterOrEqual, lessOrEqual, where } from './compare.ts';
import { abs, floor } from './elementwise.ts';
import { concat, reshape, slice } from './movement.ts';

/** Whole numbers up to here are exact as float32. */
const wholeNumbers = 2 ** 24;

/** The four neighbours of every sample of a bilinear GridSample, in the order upper left, upper right, lower left, lower right. */
export interface Taps {
  /** Which of the N H W pixels each neighbour is, counted through all images: int64 [4 N P, 1] for P samples an image. */
  readonly pixel: Value;
  /** The neighbour's share of the sample [4, N P]; 0 outside where the padding is zeros. */
  readonly weight: Value;
  /** How the share changes with the unit coordinates x and y of the grid, each [4, N P]. */
  readonly slopes: readonly [x: Value, y: Value];
}

/** The two pixels of an axis that a sample lies between, the lower one first, each [2, N, P]. */
interface Sides {
  readonly pixel: Value;
  readonly weight: Value;
  readonly slope: Value;
}

/**
 * The neighbours that a bilinear GridSample reads, with its padding. On a pixel's centre the slope is that of the far side.
 * Coordinates that are no numbers give weights that are none, and pixels that exist.
 *
 * **Source**: Jaderberg et al. 2015, equations 5 to 7.
 */
export function sampleTaps(g: Builder, node: Node): Taps {
  const [x, grid] = [inputOf(node, 0), inputOf(node, 1)];
  const [batch, , height, width] = x.shape;
  const places = grid.shape[1] * grid.shape[2];
  const [columns, rows] = [sidesAlong(g, node, 0, width), sidesAlong(g, node, 1, height)];
  const across = (of: Value): Value => reshape(g, of, [1, 2, batch, places]);
  const down = (of: Value): Value => reshape(g, of, [2, 1, batch, places]);
  const flat = (of: Value): Value => reshape(g, of, [4, batch * places]);
  return {
    pixel: pixelIndex(g, add(g, mul(g, down(rows.pixel), width), across(columns.pixel)), height * width),
    weight: flat(mul(g, down(rows.weight), across(columns.weight))),
    slopes: [
      flat(mul(g, down(rows.weight), across(columns.slope))),
      flat(mul(g, down(rows.slope), across(columns.weight))),
    ],
  };
}

function sidesAlong(g: Builder, node: Node, which: 0 | 1, size: number): Sides {
  const grid = inputOf(node, 1);
  const [batch, height, width] = grid.shape;
  const places = height * width;
  const corners = integer(node.attributes, 'align_corners', 0) === 1;
  const scale = corners ? (size - 1) / 2 : size / 2;
  const unit = reshape(g, slice(g, grid, { axes: [3], starts: [which], ends: [which + 1] }), [1, batch, places]);
  const at = add(g, mul(g, unit, scale), (size - 1) / 2);
  const low = floor(g, at);
  const beyond = sub(g, at, low);
  const sides = add(g, low, g.constant([0, 1], [2, 1, 1], grid.dtype));
  const weight = concat(g, [sub(g, 1, beyond), beyond], 0);
  const slope = g.constant([-scale, scale], [2, 1, 1], grid.dtype);
  const padding = text(node.attributes, 'padding_mode', 'zeros');
  if (padding !== 'zeros') {
    const held = padding === 'reflection' ? reflected(g, sides, size, corners) : sides;
    const whole = g.constant(new Float32Array(2 * batch * places).fill(1), [2, batch, places], grid.dtype);
    return { pixel: within(g, held, size), weight, slope: mul(g, whole, slope) };
  }
  const inside = and(g, greaterOrEqual(g, sides, 0), lessOrEqual(g, sides, size - 1));
  const seen = cast(g, inside, grid.dtype);
  return { pixel: where(g, inside, sides, 0), weight: mul(g, weight, seen), slope: mul(g, seen, slope) };
}

/** The nearest pixel of the axis; 0 for what is no number, which passes through Clip unharmed. */
function within(g: Builder, pixel: Value, size: number): Value {
  return where(g, greaterOrEqual(g, pixel, 0), min(g, pixel, size - 1), 0);
}

/** Pixels folded at both ends of the axis as often as it takes. */
function reflected(g: Builder, pixel: Value, size: number, corners: boolean): Value {
  const [low, span] = corners ? [0, size - 1] : [-0.5, size];
  if (span === 0) return pixel;
  const away = abs(g, sub(g, pixel, low));
  const turns = floor(g, mul(g, away, 1 / span));
  const rest = sub(g, away, mul(g, turns, span));
  const odd = sub(g, turns, mul(g, floor(g, mul(g, turns, 0.5)), 2));
  return add(g, add(g, rest, mul(g, odd, sub(g, span, mul(g, rest, 2)))), low);
}

/**
 * Pixels of each image [2, 2, N, P] counted through all of them. As floats as far as these count exactly, because WebGPU
 * adds and reshapes those; beyond, as int64.
 */
function pixelIndex(g: Builder, pixel: Value, pixels: number): Value {
  const [, , batch, places] = pixel.shape;
  if (pixels > wholeNumbers) {
    throw new GraphError(
      `GridSample: no gradient for images of ${pixels} pixels, at most ${wholeNumbers}; train on smaller ones`,
    );
  }
  const first = Array.from({ length: batch }, (_, n) => n * pixels);
  const count = 4 * batch * places;
  if (batch * pixels <= wholeNumbers) {
    const all = add(g, pixel, g.constant(first, [batch, 1], pixel.dtype));
    return cast(g, reshape(g, all, [count, 1]), 'int64');
  }
  return reshape(g, add(g, cast(g, pixel, 'int64'), g.constant(first, [batch, 1], 'int64')), [count, 1]);
}
