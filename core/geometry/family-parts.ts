import type { FamilyFrame, ParameterInfo } from './family.ts';
import { expSimilarity, logSimilarity } from './lie.ts';
import { nearestSimilarity } from './linear-part.ts';
import { multiply, rotate, scale, translate, type Matrix3 } from './matrix.ts';
import { karcherMean, meanAngle } from './means.ts';

/** Shifts in half images, as most families name them. */
export const shiftX: ParameterInfo = { name: 'shift x', unit: 'half image', low: -2, high: 2 };
export const shiftY: ParameterInfo = { name: 'shift y', unit: 'half image', low: -2, high: 2 };

/** A turn, clockwise on screen. */
export const angle: ParameterInfo = { name: 'rotation', unit: 'radians', low: -Math.PI, high: Math.PI };

/** What bends a projective map: how fast w changes across half an image. */
export const bend = (name: string): ParameterInfo => ({
  name,
  unit: 'half image per half image',
  low: -0.9,
  high: 0.9,
});

/** Puts every parameter between its own limits. */
export function clampEach(infos: readonly ParameterInfo[]): (parameters: readonly number[]) => readonly number[] {
  return (parameters) => infos.map(({ low, high }, i) => Math.min(high, Math.max(low, parameters[i])));
}

/** Width / height of the crop. */
export function cropAspect({ width, height, canonicalAspect = width / height }: FamilyFrame): number {
  return canonicalAspect;
}

/** The mean of some numbers. */
export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Karcher mean of the similarities nearest to some matrices, started at the mean of their rotations, scales, shifts. */
export function similarityMean(all: readonly Matrix3[]): Matrix3 {
  const nearest = all.map(nearestSimilarity);
  const start = multiply(
    translate(average(nearest.map((m) => m[2])), average(nearest.map((m) => m[5]))),
    multiply(
      rotate(meanAngle(nearest.map((m) => Math.atan2(m[3], m[0])))),
      scale(Math.exp(average(nearest.map((m) => Math.log(Math.hypot(m[0], m[3])))))),
    ),
  );
  return karcherMean(nearest, { exp: expSimilarity, log: logSimilarity }, start);
}
