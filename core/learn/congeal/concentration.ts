import { readPose } from './gauge.ts';
import { wrap, type Prior } from './search.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';

/** How the rotations of a set are spread. */
export interface Concentration {
  /** Largest share of the rotations that an arc of ±60° holds. */
  readonly share: number;
  /** Mean and standard deviation (radians) of the rotations in that arc. */
  readonly mean: number;
  readonly deviation: number;
}

const halfArc = Math.PI / 3;
/** A set whose rotations are spread over the circle has about 0.45 in its fullest arc, over half of it up to 0.8. */
const concentratedShare = 0.85;

/** Measures how far the rotations found agree. */
export function concentrationOf(warps: readonly Matrix3[]): Concentration {
  const rotations = warps.map((warp) => readPose(warp).rotation);
  let [most, middle] = [0, 0];
  for (const candidate of rotations) {
    const count = rotations.filter((rotation) => Math.abs(wrap(rotation - candidate)) <= halfArc).length;
    if (count > most) [most, middle] = [count, candidate];
  }
  const inside = rotations.map((rotation) => wrap(rotation - middle)).filter((turn) => Math.abs(turn) <= halfArc);
  const mean = inside.reduce((sum, turn) => sum + turn, 0) / Math.max(1, inside.length);
  const variance = inside.reduce((sum, turn) => sum + (turn - mean) ** 2, 0) / Math.max(1, inside.length);
  return { share: most / Math.max(1, rotations.length), mean: wrap(middle + mean), deviation: Math.sqrt(variance) };
}

/** True when most images stand nearly the same way, so that far rotations need strong evidence. */
export function isConcentrated(concentration: Concentration): boolean {
  return concentration.share > concentratedShare;
}

/** The prior that follows from what has been found: rotations near the common one where there is one. */
export function learnedPrior(weak: Prior, concentration: Concentration): Prior {
  if (!isConcentrated(concentration)) return weak;
  const rotation = Math.max(0.35, concentration.deviation);
  return { ...weak, strength: 2 * weak.strength, rotation, rotationMean: concentration.mean };
}
