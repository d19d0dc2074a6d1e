import type { Builder } from '../rule.ts';
import { elementCount } from '../tensor.ts';
import type { Value } from '../value.ts';
import { add, div, mul } from './arithmetic.ts';
import { cast, equal } from './compare.ts';
import { concat, reshape, slice, zerosOf } from './movement.ts';
import { pad } from './padding.ts';
import { repeatedTiles, tilesExactly } from './tiles.ts';
import type { Window } from './window.ts';

/**
 * The gradient of a maximum over windows. Equal largest elements share it equally: they are common where an image is
 * plain, because a convolution gives one value all over such an area, and each of them must not get the whole of it.
 */
export function maxPoolGradient(g: Builder, x: Value, y: Value, dy: Value, window: Window): Value {
  return tilesExactly(window) ? tiledGradient(g, x, y, dy, window.kernel) : anyGradient(g, x, y, dy, window);
}

function tiledGradient(g: Builder, x: Value, y: Value, dy: Value, kernel: readonly number[]): Value {
  const hits = cast(g, equal(g, x, repeatedTiles(g, y, kernel, x.shape)), dy.dtype);
  const part = g.node('AveragePool', [hits], { kernel_shape: kernel, strides: kernel });
  const share = div(g, dy, mul(g, part, elementCount(kernel)));
  return mul(g, hits, repeatedTiles(g, share, kernel, x.shape));
}

/**
 * Any window: for each kernel offset, dy where that element is the largest. The offsets that lie whole steps apart are
 * added up on the lattice of the results; only then the lattices, one for each place within a step, are interleaved.
 */
function anyGradient(g: Builder, x: Value, y: Value, dy: Value, { kernel, strides, pads, dilations }: Window): Value {
  const counts = y.shape.slice(2);
  const axes = counts.map((_, i) => i + 2);
  const offsets = combinations(kernel).map((at) => at.map((k, i) => k * dilations[i]));
  const lattice = counts.map((count, i) => count + Math.floor(((kernel[i] - 1) * dilations[i]) / strides[i]));
  const begins = [0, 0, ...pads.slice(0, counts.length)];
  const ends = counts.map((count, i) => {
    const reach = (count - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1;
    return Math.max(0, reach - x.shape[i + 2] - pads[i]);
  });
  const wide = pad(g, x, { pads: [...begins, 0, 0, ...ends], value: -3.4e38 });
  const hits = offsets.map((offset) => {
    const last = offset.map((start, i) => start + (counts[i] - 1) * strides[i] + 1);
    const seen = slice(g, wide, { axes, starts: offset, ends: last, steps: strides });
    return cast(g, equal(g, seen, y), dy.dtype);
  });
  const share = div(
    g,
    dy,
    hits.reduce((a, b) => add(g, a, b)),
  );
  const phases = new Map<string, Value>();
  offsets.forEach((offset, k) => {
    const phase = offset.map((at, i) => at % strides[i]).join();
    const steps = offset.map((at, i) => Math.floor(at / strides[i]));
    const rest = steps.map((step, i) => lattice[i] - counts[i] - step);
    const placed = pad(g, mul(g, hits[k], share), { pads: [0, 0, ...steps, 0, 0, ...rest] });
    const before = phases.get(phase);
    phases.set(phase, before ? add(g, before, placed) : placed);
  });
  const empty = zerosOf(g, [...x.shape.slice(0, 2), ...lattice], dy.dtype);
  const all = combinations(strides).map((phase) => phases.get(phase.join()) ?? empty);
  return fitted(g, interleaved(g, all, strides), begins, x.shape);
}

/** All coordinates within sizes, the last axis running fastest. */
function combinations(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (found, size) => found.flatMap((at) => Array.from({ length: size }, (_, i) => [...at, i])),
    [[]],
  );
}

/** Lattices of all places within a step, the last axis running fastest, woven into one: axis i grows by strides[i]. */
function interleaved(g: Builder, lattices: readonly Value[], strides: readonly number[]): Value {
  let values = [...lattices];
  for (let i = strides.length - 1; i >= 0; i--) {
    const woven: Value[] = [];
    for (let from = 0; from < values.length; from += strides[i])
      woven.push(wovenAlong(g, values.slice(from, from + strides[i]), i + 2));
    values = woven;
  }
  return values[0];
}

function wovenAlong(g: Builder, values: readonly Value[], axis: number): Value {
  if (values.length === 1) return values[0];
  const { shape } = values[0];
  const apart = values.map((value) => reshape(g, value, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]));
  return reshape(g, concat(g, apart, axis + 1), shape.with(axis, shape[axis] * values.length));
}

/** The part of x [N, C, ...] that begins at `begins`, with zeros where x ends too early. */
function fitted(g: Builder, x: Value, begins: readonly number[], shape: readonly number[]): Value {
  const ends = shape.map((size, axis) => begins[axis] + size - x.shape[axis]);
  return pad(g, x, { pads: [...begins.map((size) => (size === 0 ? 0 : -size)), ...ends] });
}
