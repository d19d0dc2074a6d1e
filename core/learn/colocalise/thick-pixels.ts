import { div, max, sub } from '../../graph/ops/arithmetic.ts';
import { concat, slice } from '../../graph/ops/movement.ts';
import { reduceMax } from '../../graph/ops/reduce.ts';
import { shapeOf } from '../../graph/ops/run-time-shape.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import { levelSides } from './work-maps.ts';

/** An image that is at most this many times as long as wide has two pixels, one cell, across at every level. */
const longest = Math.floor(Math.min(...levelSides) / 1.5) - 1;

/**
 * Images `[N, 3, H, W]` of which no side is shorter than a 39th of the other: the last row or column of thinner ones is
 * repeated, so that something is left of them where they are made small. All others stay as they are.
 */
export function thickPixels(g: Builder, pixels: Value): Value {
  const sides = slice(g, shapeOf(g, pixels), { starts: [2], ends: [4] });
  const least = div(g, sub(g, reduceMax(g, sides, { axes: [0], keepDims: true }), 1 - longest), longest);
  const more = max(g, sub(g, least, sides), 0);
  const none = g.constant([0, 0, 0, 0, 0, 0], [6], 'int64');
  return g.node('Pad', [pixels, concat(g, [none, more], 0), null, null], { mode: 'edge' });
}
