import type { WorkImage } from '../../core/features/work-image.ts';
import { applyPoint, chain, invert, type Matrix3 } from '../../core/geometry/matrix.ts';
import { createRandom, type Random } from '../../core/geometry/random.ts';

/** A picture of one figure under a known similarity. */
export interface DrawnFigure {
  readonly image: WorkImage;
  /** Figure frame to pixels. */
  readonly truth: Matrix3;
  readonly mirrored: boolean;
}

/** How the figures are placed. */
export interface FigureOptions {
  readonly count: number;
  readonly seed: number;
  /** Largest rotation in radians. */
  readonly turn?: number;
  readonly mirror?: boolean;
}

const side = 96;

/** Strokes of a figure without any symmetry: x and y of both ends, thickness, brightness. */
const strokes = [
  [-0.6, -0.8, -0.6, 0.8, 0.13, 0.95],
  [-0.6, -0.75, 0.5, -0.75, 0.12, 0.8],
  [-0.6, 0, 0.2, 0, 0.1, 0.9],
  [0.35, 0.3, 0.65, 0.75, 0.16, 0.1],
] as const;

/** Draws a crooked letter on grey ground with soft stains, turned, scaled 0.85-1.2 and shifted. */
export function drawFigures({ count, seed, turn = Math.PI, mirror = false }: FigureOptions): DrawnFigure[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, n) => {
    const angle = random.uniform(-turn, turn);
    const scale = 26 * Math.exp(random.uniform(Math.log(0.85), Math.log(1.2)));
    const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const [x, y] = [side / 2 + random.uniform(-5, 5), side / 2 + random.uniform(-5, 5)];
    const mirrored = mirror && n % 3 === 0;
    const flip: Matrix3 = [mirrored ? -1 : 1, 0, 0, 0, 1, 0, 0, 0, 1];
    const truth = chain([c, -s, x, s, c, y, 0, 0, 1], flip);
    const raster = { width: side, height: side, channels: 3, data: paint(truth, random) };
    return { image: { id: `figure-${n}.png`, width: side, height: side, raster }, truth, mirrored };
  });
}

function paint(truth: Matrix3, random: Random): Uint8Array {
  const back = invert(truth);
  const stains = Array.from({ length: 5 }, () => ({
    x: random.uniform(0, side),
    y: random.uniform(0, side),
    size: random.uniform(10, 25),
    strength: random.uniform(-0.12, 0.12),
  }));
  const plane = side * side;
  const data = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    const [column, row] = [(i % side) + 0.5, Math.floor(i / side) + 0.5];
    let value = 0.45;
    for (const stain of stains)
      value += stain.strength * Math.exp(-((column - stain.x) ** 2 + (row - stain.y) ** 2) / (2 * stain.size ** 2));
    const { x, y } = applyPoint(back, column, row);
    for (const [x0, y0, x1, y1, thick, bright] of strokes) {
      const along = Math.max(
        0,
        Math.min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)),
      );
      const distance = Math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0));
      const cover = Math.max(0, Math.min(1, (thick - distance) * 26 + 0.5));
      value += cover * (bright - value);
    }
    const byte = Math.round(255 * Math.max(0, Math.min(1, value + 0.02 * random.normal())));
    for (let c = 0; c < 3; c++) data[c * plane + i] = byte;
  }
  return data;
}
