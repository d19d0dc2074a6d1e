import type { Box } from '../../geometry/boxes.ts';

/** A connected part of a map above a threshold. */
export interface Region {
  /** First and last column and row. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Number of its cells, and the sum of their values. */
  readonly cells: number;
  readonly sum: number;
}

/** Smooths each map `[rows, columns]` in a list of maps: twice the cell and its four neighbours, over 6. */
export function smoothMaps(maps: Float32Array, rows: number, columns: number): Float32Array {
  const smooth = new Float32Array(maps.length);
  for (let i = 0; i < maps.length; i++) {
    const x = i % columns;
    const y = Math.floor(i / columns) % rows;
    const value = maps[i];
    const left = x > 0 ? maps[i - 1] : value;
    const right = x < columns - 1 ? maps[i + 1] : value;
    const above = y > 0 ? maps[i - columns] : value;
    const below = y < rows - 1 ? maps[i + columns] : value;
    smooth[i] = (2 * value + left + right + above + below) / 6;
  }
  return smooth;
}

/** The value above which `share` of all values lie. */
export function upperQuantile(values: Float32Array, share: number): number {
  const rank = Math.min(values.length - 1, Math.max(0, Math.floor((1 - share) * values.length)));
  return ranked(values.slice(), rank);
}

/** The value that sorting would bring to a place (Hoare's selection); puts the values in another order. */
function ranked(values: Float32Array, rank: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      [values[i], values[j]] = [values[j], values[i]];
      i++;
      j--;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return values[rank];
  }
  return values[rank];
}

/** The connected region (over edges) above a threshold whose values have the largest sum; undefined if none is above. */
export function strongestRegion(
  map: Float32Array,
  rows: number,
  columns: number,
  threshold: number,
): Region | undefined {
  const seen = new Uint8Array(map.length);
  const waiting: number[] = [];
  let best: Region | undefined;
  const visit = (cell: number): void => {
    if (seen[cell] !== 0 || map[cell] <= threshold) return;
    seen[cell] = 1;
    waiting.push(cell);
  };
  for (let start = 0; start < map.length; start++) {
    let [left, top, right, bottom, cells, sum] = [columns, rows, -1, -1, 0, 0];
    visit(start);
    for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
      const x = cell % columns;
      const y = (cell - x) / columns;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      cells++;
      sum += map[cell];
      if (x > 0) visit(cell - 1);
      if (x < columns - 1) visit(cell + 1);
      if (y > 0) visit(cell - columns);
      if (y < rows - 1) visit(cell + columns);
    }
    if (cells > 0 && (best === undefined || sum > best.sum)) best = { left, top, right, bottom, cells, sum };
  }
  return best;
}

/** Where the cells of a map lie in the image that was described, in its pixels. */
export interface Lattice {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  /** Pixel point (corner frame) of the centre of cell 0. */
  readonly offset: number;
  /** Side of the square image that was described. */
  readonly side: number;
}

const fineness = 4;

/**
 * Turns a map into the box of its strongest region, in fractions of the image (0..1), with edges between the cells found
 * by bilinear interpolation; the brightest cell where nothing is above the threshold.
 *
 * **Convention**: regions that reach the outermost cells reach the edge of the image.
 */
export function boxOfMap(map: Float32Array, lattice: Lattice, threshold: number): Box & { readonly region: Region } {
  const { rows, columns, stride, offset, side } = lattice;
  const fine = refine(map, rows, columns);
  const region =
    strongestRegion(fine, rows * fineness, columns * fineness, threshold) ?? brightest(fine, columns * fineness);
  const edge = (index: number, last: number): number => {
    if (index <= 0) return 0;
    if (index >= last) return 1;
    return Math.min(1, Math.max(0, (offset - stride / 2 + (index * stride) / fineness) / side));
  };
  return {
    xmin: edge(region.left, columns * fineness),
    ymin: edge(region.top, rows * fineness),
    xmax: edge(region.right + 1, columns * fineness),
    ymax: edge(region.bottom + 1, rows * fineness),
    region,
  };
}

function brightest(map: Float32Array, columns: number): Region {
  let at = 0;
  for (let i = 1; i < map.length; i++) if (map[i] > map[at]) at = i;
  const x = at % columns;
  const y = (at - x) / columns;
  return { left: x, right: x, top: y, bottom: y, cells: 1, sum: map[at] };
}

function refine(map: Float32Array, rows: number, columns: number): Float32Array {
  const width = columns * fineness;
  const fine = new Float32Array(width * rows * fineness);
  const place = (index: number, count: number): readonly [number, number, number] => {
    const at = Math.min(count - 1, Math.max(0, (index + 0.5) / fineness - 0.5));
    const first = Math.min(Math.floor(at), Math.max(0, count - 2));
    return [first, Math.min(count - 1, first + 1), at - first];
  };
  for (let i = 0; i < fine.length; i++) {
    const [left, right, u] = place(i % width, columns);
    const [top, bottom, v] = place(Math.floor(i / width), rows);
    const above = map[top * columns + left] * (1 - u) + map[top * columns + right] * u;
    const below = map[bottom * columns + left] * (1 - u) + map[bottom * columns + right] * u;
    fine[i] = above * (1 - v) + below * v;
  }
  return fine;
}
