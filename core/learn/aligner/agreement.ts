import type { WorkImage } from '../../features/work-image.ts';
import { applyPoint, invert, multiply, type Matrix3 } from '../../geometry/matrix.ts';
import { float32, type Tensor } from '../../graph/tensor.ts';
import { openSession } from '../../runtime/session.ts';
import { breathe } from '../breathe.ts';
import type { CongealResult } from '../congeal/result.ts';
import { median } from '../congeal/scores.ts';
import { progress, type Work } from '../congeal/work.ts';
import type { LearnContext } from '../event.ts';

/** Most images that a model is tried on. */
const most = 30;

const corners = [-1, 1].flatMap((y) => [-1, 1].map((x) => ({ x, y })));

/** An image as input of a transformer: `[1, 3, h, w]`, 0..1. */
export function pixelsOf({ raster }: WorkImage): Tensor {
  const { width, height, channels, data } = raster;
  const range = data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : 1;
  const plane = width * height;
  const pixels = new Float32Array(3 * plane);
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[channels >= 3 ? i : i % plane] / range;
  return float32(pixels, [1, 3, height, width]);
}

/** Mean distance of the canonical corners between two warps, in half sides of the canonical crop. */
export function cornerDistance(truth: Matrix3, found: Matrix3): number {
  const between = multiply(invert(truth), found);
  const distances = corners.map(({ x, y }) => {
    const point = applyPoint(between, x, y);
    return Math.hypot(point.x - x, point.y - y);
  });
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

/** Runs a transformer on images it was learned from and says how near it comes to their alignment. */
export async function* measureAgreement(
  model: Uint8Array,
  images: readonly WorkImage[],
  alignment: CongealResult,
  { threads, signal }: Pick<LearnContext, 'threads' | 'signal'>,
): Work<Record<string, number>> {
  const session = await openSession(model, threads === undefined ? {} : { threads });
  try {
    const good = images.map((_, n) => n).filter((n) => alignment.images[n].status === 'ok');
    const stride = Math.max(1, Math.ceil(good.length / most));
    const tried = good.filter((_, k) => k % stride === 0);
    const distances: number[] = [];
    for (const [k, n] of tried.entries()) {
      const { theta } = await session.run({ pixels: pixelsOf(images[n]) }, ['theta']);
      const [a, b, x, c, d, y] = Array.from(theta.data, Number);
      const distance = cornerDistance(alignment.images[n].toUnit, [a, b, x, c, d, y, 0, 0, 1]);
      distances.push(Number.isFinite(distance) ? distance : Infinity);
      yield progress('check', k + 1, tried.length);
      await breathe(signal);
    }
    if (distances.length === 0) return {};
    return {
      'aligner corner distance': Math.min(median(distances), 1e3),
      'aligner within 0.1': distances.filter((distance) => distance < 0.1).length / distances.length,
    };
  } finally {
    await session.dispose();
  }
}
