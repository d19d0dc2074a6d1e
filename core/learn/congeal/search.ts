import type { Matrix3 } from '../../geometry/matrix.ts';

/** One entry of the bank: how an image is turned and scaled before its features are taken. */
export interface BankEntry {
  readonly rotation: number;
  readonly logScale: number;
  readonly mirrored: boolean;
  /** Places in the lists of rotations and scales, for interpolation. */
  readonly turn: number;
  readonly size: number;
}

/** Rotations and scales over which images are searched. */
export interface SearchGrid {
  readonly turns: readonly number[];
  readonly logScales: readonly number[];
  /** True when the first and the last rotation are neighbours. */
  readonly closed: boolean;
  readonly mirror: boolean;
  readonly entries: readonly BankEntry[];
}

const turnStep = (18 * Math.PI) / 180;
const smallestScale = 0.55;
const largestScale = 1.6;
const scaleCount = 6;

/** The grid over rotations within ±`limit` radians (pi: the full circle) and six scales from 0.55 to 1.6. */
export function searchGrid(limit: number, mirror: boolean, scales: number = scaleCount): SearchGrid {
  const closed = limit >= Math.PI - turnStep / 2;
  const reach = Math.ceil(limit / turnStep - 1e-9);
  const turns = closed
    ? Array.from({ length: 20 }, (_, i) => i * turnStep)
    : Array.from({ length: 2 * reach + 1 }, (_, i) => ((i - reach) * limit) / Math.max(1, reach));
  const [low, high] = [Math.log(smallestScale), Math.log(largestScale)];
  const logScales =
    scales === 1 ? [0] : Array.from({ length: scales }, (_, i) => low + ((high - low) * i) / (scales - 1));
  const entries = (mirror ? [false, true] : [false]).flatMap((mirrored) =>
    turns.flatMap((rotation, turn) =>
      logScales.map((logScale, size): BankEntry => ({ rotation, logScale, mirrored, turn, size })),
    ),
  );
  return { turns, logScales, closed, mirror, entries };
}

/** The warp of a bank entry moved by (x, y) of its own window. */
export function entryWarp(rotation: number, logScale: number, x: number, y: number): Matrix3 {
  const s = Math.exp(logScale);
  const [c, d] = [s * Math.cos(rotation), s * Math.sin(rotation)];
  return [c, -d, c * x - d * y, d, c, d * x + c * y, 0, 0, 1];
}

/** How far from a neutral pose a hit may be before it costs; null: rotation is free. */
export interface Prior {
  readonly strength: number;
  readonly rotation: number | null;
  readonly rotationMean: number;
  readonly logScale: number;
  readonly shift: number;
}

/** The best pose of one image against one template. */
export interface Hit {
  readonly warp: Matrix3;
  readonly mirrored: boolean;
  readonly score: number;
}

/** Shifts at which templates are laid over entries: every `step` cells from -`reach` to `reach`. */
export interface Shifts {
  readonly reach: number;
  readonly step: number;
}

/** What a pose loses for being far from neutral. **Convention**: `x`, `y` in the search frame. */
function penalty(prior: Prior, rotation: number, logScale: number, x: number, y: number): number {
  const turn = prior.rotation === null ? 0 : wrap(rotation - prior.rotationMean) / prior.rotation;
  const size = logScale / prior.logScale;
  const shift = (x * x + y * y) / (prior.shift * prior.shift);
  return (prior.strength * (turn * turn + size * size + shift)) / 2;
}

/** An angle brought into [-pi, pi). */
export function wrap(angle: number): number {
  const turn = 2 * Math.PI;
  return angle - turn * Math.floor((angle + Math.PI) / turn);
}

/**
 * Finds the best entry and shift in a table of correlation scores `[entries, side, side]`, refined between the grid
 * points by parabolas.
 *
 * **Convention**: scores are those of a Conv with the bank as kernels, so output (row, column) stands for the template
 * moved by (step row - reach, step column - reach) cells over the entry, i.e. the entry's window moved the opposite way.
 */
export function bestHit(
  grid: SearchGrid,
  scores: Float32Array,
  offset: number,
  shifts: Shifts,
  cells: number,
  prior: Prior,
  allowed: (entry: BankEntry) => boolean = () => true,
): Hit | null {
  const side = sideOf(shifts);
  let [best, bestEntry, bestRow, bestColumn] = [-Infinity, -1, 0, 0];
  grid.entries.forEach((entry, e) => {
    if (!allowed(entry)) return;
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const raw = scores[offset + (e * side + row) * side + column];
        if (raw <= best) continue;
        const warp = entryWarp(entry.rotation, entry.logScale, ...shiftOf(row, column, shifts, cells));
        const value = raw - penalty(prior, entry.rotation, entry.logScale, warp[2], warp[5]);
        if (value > best) [best, bestEntry, bestRow, bestColumn] = [value, e, row, column];
      }
  });
  if (bestEntry < 0) return null;
  const entry = grid.entries[bestEntry];
  const at = (e: number, row: number, column: number): number => scores[offset + (e * side + row) * side + column];
  const centre = at(bestEntry, bestRow, bestColumn);
  const row =
    bestRow +
    (bestRow > 0 && bestRow < side - 1
      ? peak(at(bestEntry, bestRow - 1, bestColumn), centre, at(bestEntry, bestRow + 1, bestColumn))
      : 0);
  const column =
    bestColumn +
    (bestColumn > 0 && bestColumn < side - 1
      ? peak(at(bestEntry, bestRow, bestColumn - 1), centre, at(bestEntry, bestRow, bestColumn + 1))
      : 0);
  const turn = between(grid, bestEntry, 'turn', centre, (e) => at(e, bestRow, bestColumn));
  const size = between(grid, bestEntry, 'size', centre, (e) => at(e, bestRow, bestColumn));
  const turnGap = grid.turns.length > 1 ? grid.turns[1] - grid.turns[0] : 0;
  const sizeGap = grid.logScales.length > 1 ? grid.logScales[1] - grid.logScales[0] : 0;
  const [x, y] = shiftOf(row, column, shifts, cells);
  const warp = entryWarp(entry.rotation + turn * turnGap, entry.logScale + size * sizeGap, x, y);
  return { warp, mirrored: entry.mirrored, score: best };
}

/** Shifts along an axis. */
function sideOf({ reach, step }: Shifts): number {
  return Math.floor((2 * reach) / step) + 1;
}

function shiftOf(row: number, column: number, { reach, step }: Shifts, cells: number): [number, number] {
  return [((reach - step * column) * 2) / cells, ((reach - step * row) * 2) / cells];
}

/** Where between -0.5 and 0.5 a parabola through three equally spaced values peaks. */
function peak(before: number, centre: number, after: number): number {
  const bend = before - 2 * centre + after;
  if (bend >= 0 || !Number.isFinite(bend)) return 0;
  return Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend)));
}

function between(
  grid: SearchGrid,
  e: number,
  axis: 'turn' | 'size',
  centre: number,
  at: (e: number) => number,
): number {
  const { turn, size, mirrored } = grid.entries[e];
  const [turns, sizes] = [grid.turns.length, grid.logScales.length];
  const find = (step: number): number | null => {
    const t = axis === 'turn' ? turn + step : turn;
    const s = axis === 'size' ? size + step : size;
    if (s < 0 || s >= sizes) return null;
    if ((t < 0 || t >= turns) && !grid.closed) return null;
    return ((mirrored ? turns : 0) + ((t + turns) % turns)) * sizes + s;
  };
  const [before, after] = [find(-1), find(1)];
  return before === null || after === null ? 0 : peak(at(before), centre, at(after));
}
