import type { Point } from '../../geometry/units.ts';
import type { InputShape } from '../localisation-nets.ts';
import type { Sampling } from '../grid-nodes.ts';
import type { PlacedTransformer } from './plan-network.ts';

/** The grid that a transformer sampled at for one image: unit coordinates `[height, width, 2]`. */
export type GridOf = (transformer: string) => Float32Array;

/**
 * Where points of a transformer's crop lie in the image that the network was given, in pixels (corner frame); undefined
 * where that is not one place, behind branches that show different parts.
 *
 * Works for every family, because it follows the sampling grids themselves, from one transformer to the one before it.
 * **Convention**: the points are canonical, [-1, 1] across the crop.
 */
export function traceToImage(
  points: readonly Point[],
  transformer: PlacedTransformer,
  others: readonly PlacedTransformer[],
  gridOf: GridOf,
): readonly Point[] | undefined {
  const { name, sampling, input, shown } = transformer;
  if (shown === null) return undefined;
  const { step, offset } = shown.field;
  const inSource = points.map((point) => {
    const { x, y } = toPixels(readGrid(gridOf(name), sampling, point), input, sampling.alignCorners);
    return { x: step * x + offset, y: step * y + offset };
  });
  if (shown.transformer === null) return inSource;
  const before = others.find((one) => one.name === shown.transformer);
  if (before === undefined) return undefined;
  const { width, height, alignCorners } = before.sampling;
  const canonical = inSource.map(({ x, y }) => ({
    x: toUnit(x, width, alignCorners),
    y: toUnit(y, height, alignCorners),
  }));
  return traceToImage(canonical, before, others, gridOf);
}

/** The outline of a crop in canonical coordinates, `perSide` points a side, clockwise from the top left, not closed. */
export function cropOutline(perSide: number): readonly Point[] {
  const along = Array.from({ length: perSide }, (_, i) => (2 * i) / perSide - 1);
  return [
    ...along.map((t) => ({ x: t, y: -1 })),
    ...along.map((t) => ({ x: 1, y: t })),
    ...along.map((t) => ({ x: -t, y: 1 })),
    ...along.map((t) => ({ x: -1, y: -t })),
  ];
}

/** A grid between its points, and beyond the outer ones in a straight line. */
function readGrid(grid: Float32Array, { width, height, alignCorners }: Sampling, { x, y }: Point): Point {
  const [i, u] = cellOf(toIndex(x, width, alignCorners), width);
  const [j, v] = cellOf(toIndex(y, height, alignCorners), height);
  const at = (column: number, row: number, axis: number): number =>
    grid[2 * (Math.min(row, height - 1) * width + Math.min(column, width - 1)) + axis];
  const read = (axis: number): number =>
    (1 - v) * ((1 - u) * at(i, j, axis) + u * at(i + 1, j, axis)) +
    v * ((1 - u) * at(i, j + 1, axis) + u * at(i + 1, j + 1, axis));
  return { x: read(0), y: read(1) };
}

function cellOf(place: number, count: number): readonly [cell: number, fraction: number] {
  const cell = Math.max(0, Math.min(count - 2, Math.floor(place)));
  return [cell, place - cell];
}

/** Unit coordinates to places between the centres of samples, the first at 0. */
function toIndex(unit: number, count: number, alignCorners: boolean): number {
  return alignCorners ? ((unit + 1) / 2) * (count - 1) : ((unit + 1) / 2) * count - 0.5;
}

/** Unit coordinates to pixels of the corner frame. */
function toPixels({ x, y }: Point, [, height, width]: InputShape, alignCorners: boolean): Point {
  return { x: toIndex(x, width, alignCorners) + 0.5, y: toIndex(y, height, alignCorners) + 0.5 };
}

/** Pixels of the corner frame to unit coordinates. */
function toUnit(pixel: number, count: number, alignCorners: boolean): number {
  if (!alignCorners) return (2 * pixel) / count - 1;
  return count === 1 ? 0 : (2 * (pixel - 0.5)) / (count - 1) - 1;
}
