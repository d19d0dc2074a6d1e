import { ori4Stride } from '../../features/ori4.ts';

/** The square frame of a pattern inside its window, in cells from the window's top-left corner. */
export interface PatternFrame {
  readonly x: number;
  readonly y: number;
  /** Half the side of the square. */
  readonly half: number;
}

/** Share of the strength that the bare square must hold. */
const held = 0.95;
/** Share of the strongest cell that counts as ground. */
const ground = 0.1;
/** From the bare square to the frame a person would draw. */
const margin = 1.15;

/**
 * Finds the frame of a pattern: the square around its centroid that holds 95 % of its strength, a margin added. Strength
 * is the length of a cell's features less a ground: energy, its square, would leave thin ends of strokes outside.
 *
 * `prototype` is `[channels, window, window]`.
 */
export function frameOf(prototype: Float32Array, channels: number, window: number): PatternFrame {
  const squares = new Float64Array(window * window);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < squares.length; i++) squares[i] += prototype[c * squares.length + i] ** 2;
  const floor = ground * Math.sqrt(squares.reduce((a, b) => Math.max(a, b), 0));
  const strength = squares.map((value) => Math.max(0, Math.sqrt(value) - floor));
  let [sum, x, y] = [0, 0, 0];
  strength.forEach((value, i) => {
    sum += value;
    x += value * ((i % window) + 0.5);
    y += value * (Math.floor(i / window) + 0.5);
  });
  if (sum <= 0) return { x: window / 2, y: window / 2, half: window / 2 };
  const [cx, cy] = [x / sum, y / sum];
  const cells = Array.from(strength, (value, i) => ({
    value,
    distance: Math.max(Math.abs((i % window) + 0.5 - cx), Math.abs(Math.floor(i / window) + 0.5 - cy)),
  })).sort((a, b) => a.distance - b.distance);
  let [total, half] = [0, 0];
  for (const cell of cells) {
    total += cell.value;
    half = cell.distance + 0.5;
    if (total >= held * sum) break;
  }
  return { x: cx, y: cy, half: half * margin };
}

/**
 * The frame with the size that a person gives: squares of share `share` of the images' area on average, `scales` being the
 * objects' sizes relative to the pattern.
 */
export function frameOfShare(
  frame: PatternFrame,
  share: number,
  sizes: readonly { readonly width: number; readonly height: number }[],
  scales: readonly number[],
): PatternFrame {
  const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const area = average(sizes.map(({ width, height }) => width * height));
  const side = Math.sqrt((share * area) / average(scales.map((scale) => scale ** 2)));
  return { ...frame, half: side / 2 / ori4Stride };
}
