import { pixelToUnit } from './frames.ts';
import { applyPoint, multiply, type Matrix3 } from './matrix.ts';
import type { Point, Size } from './units.ts';

/** Where each target pixel comes from: pixel points (corner frame) of the target to those of the source. */
export type PointMap = (x: number, y: number) => Point;

/** Where a crop comes from: canonical points to pixel points of the oriented original, as a matrix or any function. */
export type CanonicalToPixel = Matrix3 | PointMap;

/** What a crop takes from its original. */
export interface WarpMeasure {
  /** Share of the crop, 0..1, that lies outside the original. */
  readonly outsideFraction: number;
  /** Source pixels per output pixel, a length: below 1 the crop is enlarged, above 1 it is reduced. */
  readonly effectiveResolution: number;
  /** Distance between neighbouring output pixels along the original's x and y, in source pixels. */
  readonly stepX: number;
  readonly stepY: number;
  /** Smallest rectangle of the original that holds every place that is looked at; may reach outside it. */
  readonly bounds: { readonly xmin: number; readonly ymin: number; readonly xmax: number; readonly ymax: number };
}

const mostCells = 128;

/**
 * Turns a transform in canonical coordinates into one in pixels of the crop.
 *
 * **Convention**: canonical -1 and 1 are the outer edges of the crop; the result maps its pixel points (corner frame) to
 * pixel points of the oriented original.
 */
export function cropToSource(transform: CanonicalToPixel, crop: Size): CanonicalToPixel {
  const toUnit = pixelToUnit(crop.width, crop.height);
  if (typeof transform !== 'function') return multiply(transform, toUnit);
  return (x, y) => transform(x * toUnit[0] + toUnit[2], y * toUnit[4] + toUnit[5]);
}

/**
 * Measures what a crop takes from its original, on a lattice of at most 128 x 128 places of the crop.
 *
 * **Convention**: steps are geometric means over the places inside the original (over all where none is), so that they
 * are exact for affine maps and typical for curved ones.
 */
export function measureWarp(transform: CanonicalToPixel, source: Size, crop: Size): WarpMeasure {
  const map = cropToSource(transform, crop);
  const at = typeof map === 'function' ? map : (x: number, y: number) => applyPoint(map, x, y);
  const columns = Math.min(crop.width, mostCells);
  const rows = Math.min(crop.height, mostCells);
  const [cellX, cellY] = [crop.width / columns, crop.height / rows];
  const inside = createMean();
  const everywhere = createMean();
  const bounds = { xmin: Infinity, ymin: Infinity, xmax: -Infinity, ymax: -Infinity };
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const [u, v] = [(i + 0.5) * cellX, (j + 0.5) * cellY];
      const { x, y } = at(u, v);
      const [east, west, south, north] = [at(u + 0.5, v), at(u - 0.5, v), at(u, v + 0.5), at(u, v - 0.5)];
      const [a, b, c, d] = [east.x - west.x, south.x - north.x, east.y - west.y, south.y - north.y];
      if (!Number.isFinite(x + y + a + b + c + d)) continue;
      everywhere.add(a, b, c, d);
      if (x >= 0 && y >= 0 && x <= source.width && y <= source.height) inside.add(a, b, c, d);
      const reachX = (Math.abs(a) * cellX + Math.abs(b) * cellY) / 2;
      const reachY = (Math.abs(c) * cellX + Math.abs(d) * cellY) / 2;
      bounds.xmin = Math.min(bounds.xmin, x - reachX);
      bounds.xmax = Math.max(bounds.xmax, x + reachX);
      bounds.ymin = Math.min(bounds.ymin, y - reachY);
      bounds.ymax = Math.max(bounds.ymax, y + reachY);
    }
  }
  const outsideFraction = 1 - inside.count() / (columns * rows);
  return { outsideFraction, ...(inside.count() > 0 ? inside : everywhere).means(), bounds };
}

/** Geometric means of the steps along x and y and of the root of the area that one output pixel covers. */
function createMean() {
  let [count, x, y, area] = [0, 0, 0, 0];
  const smallest = 1e-12;
  return {
    add(a: number, b: number, c: number, d: number) {
      count++;
      x += Math.log(Math.max(smallest, Math.hypot(a, b)));
      y += Math.log(Math.max(smallest, Math.hypot(c, d)));
      area += Math.log(Math.max(smallest, Math.sqrt(Math.abs(a * d - b * c))));
    },
    count: () => count,
    means() {
      const of = (sum: number) => (count === 0 ? 1 : Math.exp(sum / count));
      return { stepX: of(x), stepY: of(y), effectiveResolution: of(area) };
    },
  };
}
