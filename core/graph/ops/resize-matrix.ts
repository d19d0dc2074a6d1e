/** How `Resize` reads one axis. **Source**: the ONNX operator specification, Resize-18. */
export interface AxisResize {
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  readonly antialias: boolean;
  readonly cubic: number;
  readonly scale: number;
}

/**
 * The matrix [to, from], row-major, that resizes an axis of `from` elements to `to`: each row holds the weights of one
 * result. What would lie outside counts for the element at the edge, with antialias too.
 */
export function resizeMatrix(from: number, to: number, how: AxisResize): Float32Array {
  const matrix = new Float32Array(to * from);
  for (let at = 0; at < to; at++) {
    const place = source(at, from, to, how);
    if (how.mode === 'nearest') {
      matrix[at * from + inside(nearestIndex(place, how.nearest), from)] = 1;
      continue;
    }
    const stretch = how.antialias && how.scale < 1 ? 1 / how.scale : 1;
    const reach = (how.mode === 'linear' ? 1 : 2) * stretch;
    const first = Math.floor(place - reach) + 1;
    const weights = Array.from({ length: Math.ceil(place + reach) - first }, (_, i) =>
      kernel((first + i - place) / stretch, how),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((weight, i) => (matrix[at * from + inside(first + i, from)] += weight / sum));
  }
  return matrix;
}

/**
 * In float32, as ONNX Runtime: where a place falls between two elements its rounding decides which of them is the nearest.
 * Asymmetric by 2 / 14, place 7 is 6.9999995, so that it is number 6 that gets the gradient.
 */
function source(at: number, from: number, to: number, { coordinates, scale }: AxisResize): number {
  const divided = (by: number): number => Math.fround(by / Math.fround(scale));
  if (coordinates === 'asymmetric') return divided(at);
  if (coordinates === 'align_corners') return to === 1 ? 0 : Math.fround((at * (from - 1)) / (to - 1));
  if (coordinates === 'pytorch_half_pixel' && to === 1) return 0;
  return Math.fround(divided(at + 0.5) - 0.5);
}

/** ONNX Runtime takes a place this close to the middle of two elements for the middle. */
const halfway = 1e-6;

function nearestIndex(place: number, nearest: string): number {
  if (nearest === 'floor') return Math.floor(place);
  if (nearest === 'ceil') return Math.ceil(place);
  return nearest === 'round_prefer_ceil' ? Math.floor(place + 0.5 + halfway) : Math.ceil(place - 0.5 - halfway);
}

function kernel(distance: number, { mode, cubic: a }: AxisResize): number {
  const d = Math.abs(distance);
  if (mode === 'linear') return Math.max(0, 1 - d);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

function inside(index: number, size: number): number {
  return Math.min(Math.max(index, 0), size - 1);
}
