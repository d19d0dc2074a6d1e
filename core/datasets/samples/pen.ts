import type { Random } from '../../geometry/random.ts';
import type { Stroke } from './glyph-shapes.ts';

/** A written glyph: its centre lines as short segments [x0, y0, x1, y1] around its middle, ink about -1 to 1. */
export interface Writing {
  readonly segments: readonly (readonly [number, number, number, number])[];
  /** Half the width of the pen, in the same unit. */
  readonly radius: number;
}

const piecesPerSpan = 6;

/** Writes a glyph by hand: control points tremble, the whole leans, turns and stretches a little, the pen's width varies. */
export function writeGlyph(strokes: readonly Stroke[], random: Random): Writing {
  const turn = 0.07 * random.normal();
  const slant = 0.1 * random.normal();
  const wide = 1 + 0.06 * random.normal();
  const tall = 1 + 0.04 * random.normal();
  const tremble = 0.045;
  const segments = strokes.flatMap((stroke) => {
    const points = stroke.map(([x, y]) => {
      const px = wide * 1.9 * (x - 0.5) + tremble * random.normal();
      const py = tall * 2 * (y - 0.5) + tremble * random.normal();
      return [px - slant * py - turn * py, py + turn * px] as const;
    });
    return smooth(points);
  });
  return { segments, radius: Math.max(0.09, 0.13 + 0.025 * random.normal()) };
}

/**
 * Draws writing into a grey picture, keeping the lighter value.
 *
 * `x`, `y` (pixels, corner frame) is where the middle of the writing goes, `scale` pixels per unit; `clip` limits the
 * pixels touched: first column and row and those after the last.
 */
export function inkGlyph(
  data: Uint8Array,
  width: number,
  writing: Writing,
  at: { readonly x: number; readonly y: number; readonly scale: number; readonly level: number },
  clip: readonly number[],
): void {
  const [left, top, right, bottom] = clip;
  for (let row = top; row < bottom; row++) {
    const y = (row + 0.5 - at.y) / at.scale;
    for (let column = left; column < right; column++) {
      const distance = distanceToSegments((column + 0.5 - at.x) / at.scale, y, writing.segments);
      const coverage = Math.min(1, Math.max(0, 0.5 - ((distance - writing.radius) * at.scale) / 1.5));
      const index = row * width + column;
      data[index] = Math.max(data[index], Math.round(255 * at.level * coverage));
    }
  }
}

function distanceToSegments(x: number, y: number, segments: Writing['segments']): number {
  let best = Infinity;
  for (const [x0, y0, x1, y1] of segments) {
    const dx = x1 - x0;
    const dy = y1 - y0;
    const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy + 1e-12);
    const t = Math.min(1, Math.max(0, along));
    const ex = x - x0 - t * dx;
    const ey = y - y0 - t * dy;
    best = Math.min(best, ex * ex + ey * ey);
  }
  return Math.sqrt(best);
}

/** A Catmull-Rom curve through the points, as segments. **Source**: E. Catmull, R. Rom, 1974. */
function smooth(points: readonly (readonly [number, number])[]): [number, number, number, number][] {
  const segments: [number, number, number, number][] = [];
  let [fromX, fromY] = points[0];
  for (let span = 0; span + 1 < points.length; span++) {
    const a = points[Math.max(0, span - 1)];
    const b = points[span];
    const c = points[span + 1];
    const d = points[Math.min(points.length - 1, span + 2)];
    for (let piece = 1; piece <= piecesPerSpan; piece++) {
      const t = piece / piecesPerSpan;
      const along = (axis: 0 | 1): number =>
        b[axis] +
        0.5 * t * (c[axis] - a[axis]) +
        t * t * (a[axis] - 2.5 * b[axis] + 2 * c[axis] - 0.5 * d[axis]) +
        t * t * t * (1.5 * (b[axis] - c[axis]) + 0.5 * (d[axis] - a[axis]));
      const toX = along(0);
      const toY = along(1);
      segments.push([fromX, fromY, toX, toY]);
      [fromX, fromY] = [toX, toY];
    }
  }
  return segments;
}
