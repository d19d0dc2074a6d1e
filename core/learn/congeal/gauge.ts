import { applyPoint, chain, invert, multiply, type Matrix3 } from '../../geometry/matrix.ts';

/** Rotation (radians) and scale of the similarity nearest to a warp at the canonical centre. */
export function readPose(warp: Matrix3): { rotation: number; scale: number } {
  const [a, b, , c, d] = warp;
  return { rotation: Math.atan2(c - b, a + d), scale: Math.sqrt(Math.abs(a * d - b * c)) / Math.abs(warp[8]) };
}

/** Direction (radians) of the mean of unit vectors at the given angles, and its length 0..1. */
export function circularMean(angles: readonly number[]): { angle: number; length: number } {
  let [x, y] = [0, 0];
  for (const angle of angles) {
    x += Math.cos(angle);
    y += Math.sin(angle);
  }
  return { angle: Math.atan2(y, x), length: Math.hypot(x, y) / Math.max(1, angles.length) };
}

/**
 * The similarity that, applied first, makes a set neutral: mean log scale 0, mean image centre at the origin and, where
 * the rotations agree at all, mean rotation 0.
 */
export function neutralGauge(warps: readonly Matrix3[], withRotation: boolean): Matrix3 {
  if (warps.length === 0) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  let [logScale, x, y] = [0, 0, 0];
  for (const warp of warps) {
    logScale += Math.log(readPose(warp).scale);
    const centre = applyPoint(invert(warp), 0, 0);
    x += centre.x;
    y += centre.y;
  }
  const n = warps.length;
  const angle = withRotation ? circularMean(warps.map((warp) => readPose(warp).rotation)).angle : 0;
  const s = Math.exp(-logScale / n);
  const [c, d] = [Math.cos(-angle) * s, Math.sin(-angle) * s];
  return [c, -d, x / n, d, c, y / n, 0, 0, 1];
}

/** The similarity that takes back what a step changed of a set's mean scale, centre and (where it has one) rotation. */
export function driftGauge(before: readonly Matrix3[], after: readonly Matrix3[], withRotation: boolean): Matrix3 {
  return multiply(neutralGauge(after, withRotation), invert(neutralGauge(before, withRotation)));
}

/** Applies a common right factor to every warp: the canonical frame moves, nothing else does. */
export function applyGauge(warps: readonly Matrix3[], gauge: Matrix3): Matrix3[] {
  return warps.map((warp) => normalise(multiply(warp, gauge)));
}

/** Scales a homogeneous matrix so that its last entry is 1. */
export function normalise(m: Matrix3): Matrix3 {
  const w = m[8];
  return w === 1 ? m : [m[0] / w, m[1] / w, m[2] / w, m[3] / w, m[4] / w, m[5] / w, m[6] / w, m[7] / w, 1];
}

/** Brings the two singular values of a warp's linear part closer to each other by a share of their log distance. */
export function shrinkAnisotropy(warp: Matrix3, share: number): Matrix3 {
  const [a, b, , c, d] = warp;
  const [e, f, g, h] = [(a + d) / 2, (a - d) / 2, (c + b) / 2, (c - b) / 2];
  const [q, r] = [Math.hypot(e, h), Math.hypot(f, g)];
  const [large, small] = [q + r, Math.abs(q - r)];
  if (small < 1e-9 || large - small < 1e-12) return warp;
  const alpha = Math.atan2(h, e);
  const beta = Math.atan2(g, f);
  const theta = (beta - alpha) / 2;
  const mean = Math.sqrt(large * small);
  const factor = (value: number): number => (mean * (value / mean) ** (1 - share)) / value;
  /* A = U diag V^T with V's angle theta: rescale along V's axes before A. */
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
  const [p, s] = [factor(large), factor(small)];
  const along: Matrix3 = [
    p * cos * cos + s * sin * sin,
    (p - s) * cos * sin,
    0,
    (p - s) * cos * sin,
    p * sin * sin + s * cos * cos,
    0,
    0,
    0,
    1,
  ];
  return chain(warp, along);
}
