import type { WorkImage } from '../../core/features/work-image.ts';
import type { Box } from '../../core/geometry/boxes.ts';
import { createRandom, type Random } from '../../core/geometry/random.ts';

/** Images that share one drawn sign, and where it is. */
export interface PatternSet {
  readonly images: readonly WorkImage[];
  readonly truth: readonly Box[];
}

/** How the images look. */
export interface PatternOptions {
  readonly seed: number;
  readonly count: number;
  readonly width?: number;
  readonly height?: number;
  /** Side of the sign's frame in pixels at scale 1. */
  readonly sign?: number;
  /** Range of the sign's scale. */
  readonly scale?: readonly [number, number];
  /** Dark on light instead of light on dark. */
  readonly inverted?: boolean;
}

/** Strokes of the sign in the unit square of its frame: an arrow with a foot, some room around it. */
const strokes = [
  [0.5, 0.17, 0.5, 0.83],
  [0.5, 0.17, 0.2, 0.47],
  [0.5, 0.17, 0.8, 0.47],
  [0.3, 0.83, 0.7, 0.83],
] as const;

/** Draws images of one sign at random places among short random strokes. */
export function drawPatternSet(options: PatternOptions): PatternSet {
  const { seed, count, width = 84, height = 84, sign = 32, scale = [1, 1], inverted = false } = options;
  const random = createRandom(seed);
  const truth: Box[] = [];
  const images = Array.from({ length: count }, (_, index): WorkImage => {
    const plane = new Float32Array(width * height);
    for (let i = 0; i < 8; i++) scatter(plane, width, height, random);
    const side = sign * Math.exp(random.uniform(Math.log(scale[0]), Math.log(scale[1])));
    const [left, top] = [random.uniform(0, width - side), random.uniform(0, height - side)];
    for (const [x0, y0, x1, y1] of strokes)
      draw(plane, width, height, left + x0 * side, top + y0 * side, left + x1 * side, top + y1 * side, side / 20);
    truth.push({ xmin: left, ymin: top, xmax: left + side, ymax: top + side });
    const data = new Uint8Array(3 * width * height);
    for (let i = 0; i < data.length; i++) {
      const value = Math.min(1, plane[i % plane.length]);
      data[i] = Math.round(255 * (inverted ? 1 - value : value));
    }
    return { id: `sign-${index}`, width, height, raster: { width, height, channels: 3, data } };
  });
  return { images, truth };
}

function scatter(plane: Float32Array, width: number, height: number, random: Random): void {
  const [x, y] = [random.uniform(0, width), random.uniform(0, height)];
  draw(plane, width, height, x, y, x + random.uniform(-5, 5), y + random.uniform(-5, 5), 1);
}

function draw(
  plane: Float32Array,
  width: number,
  height: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  thickness: number,
): void {
  const steps = Math.ceil(2 * Math.hypot(x1 - x0, y1 - y0)) + 1;
  for (let i = 0; i <= steps; i++) {
    const [x, y] = [x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps];
    for (let v = Math.floor(y - thickness - 1); v <= y + thickness; v++)
      for (let u = Math.floor(x - thickness - 1); u <= x + thickness; u++) {
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        const ink = Math.max(0, Math.min(1, thickness + 0.5 - Math.hypot(u + 0.5 - x, v + 0.5 - y)));
        plane[v * width + u] = Math.max(plane[v * width + u], ink);
      }
  }
}
