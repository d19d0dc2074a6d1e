import type { Family, ParameterInfo } from './family.ts';
import { angle, bend, clampEach, cropAspect, shiftX, shiftY, similarityMean } from './family-parts.ts';
import { keepFromZero } from './horizon.ts';
import { expAffine, expProjective, logAffine, logProjective } from './lie.ts';
import { singularValues, type Matrix3 } from './matrix.ts';
import { exponential, lastEntryOne, scaleEntries } from './matrix-functions.ts';
import { karcherMean } from './means.ts';
import { largestSoundPart } from './sound-part.ts';

const largest = Math.log(8);
const logOf = (name: string): ParameterInfo => ({ name, unit: 'log', low: -largest, high: largest });

const affineParameters: readonly ParameterInfo[] = [
  angle,
  logOf('log scale'),
  logOf('log stretch along x'),
  logOf('log stretch along the diagonal'),
  { ...shiftX, low: -4, high: 4 },
  { ...shiftY, low: -4, high: 4 },
];
const projectiveParameters = [...affineParameters, bend('bend x'), bend('bend y')];

/** The algebra element of rotation, log scale, two stretches, and shifts: upper two rows of a 3 x 3 matrix, row-major. */
function affineElement([r, l, a, b, x, y]: readonly number[]): readonly [
  number,
  number,
  number,
  number,
  number,
  number,
] {
  return [l + a, b - r, x, b + r, l - a, y];
}

/** The inverse of `affineElement`. */
function affineCoordinates([p, q, x, s, t, y]: readonly number[]): readonly number[] {
  return [(s - q) / 2, (p + t) / 2, (p - t) / 2, (q + s) / 2, x, y];
}

/**
 * Limits each parameter and the stretches together: the largest and the least enlargement of an exponential are at most
 * and at least e to the power of log scale ± the length of both stretches, so they stay within 8 and 1/8.
 */
function boundAffine(parameters: readonly number[]): readonly number[] {
  const [r, l, a, b, x, y] = clampEach(affineParameters)(parameters);
  const length = Math.hypot(a, b);
  const room = largest - Math.abs(l);
  const shrink = length > room ? room / length : 1;
  return [r, l, a * shrink, b * shrink, x, y];
}

function projectiveMatrix(parameters: readonly number[]): Matrix3 {
  const [a, b, x, c, d, y] = affineElement(parameters);
  const m = exponential([a, b, x, c, d, y, parameters[6], parameters[7], 0]);
  return scaleEntries(m, 1 / keepFromZero(m[8]));
}

/**
 * True where w stays above 0.1 of its value at the centre all over the crop, whose x runs to ± its aspect here, and no
 * direction collapses or explodes.
 */
function isSound(m: Matrix3, aspect: number): boolean {
  const [large, least] = singularValues(m[0], m[1], m[3], m[4]);
  return Math.abs(m[6]) * aspect + Math.abs(m[7]) <= 0.9 && large <= 8 + 1e-9 && least >= 0.05;
}

/** Affine maps as exponentials: never singular, the inverse is the negative. Acts in the aspect frame. */
export const affineLie: Family = {
  name: 'affine-lie',
  parameters: affineParameters,
  identity: [0, 0, 0, 0, 0, 0],
  frame: 'aspect',
  matrixOf: (parameters) => expAffine(affineElement(parameters)),
  parametersOf: (m) => affineCoordinates(logAffine(lastEntryOne(m))),
  bound: boundAffine,
  meanOf: (all) => karcherMean(all, { exp: expAffine, log: logAffine }, similarityMean(all)),
};

/** Projective maps as exponentials: never singular, the inverse is the negative. Acts in the aspect frame. */
export const projectiveLie: Family = {
  name: 'projective-lie',
  parameters: projectiveParameters,
  identity: [0, 0, 0, 0, 0, 0, 0, 0],
  frame: 'aspect',
  matrixOf: projectiveMatrix,
  parametersOf: (m) => {
    /* Of all multiples of a matrix that are the same map, the one whose logarithm ends in 0. */
    const [a, b, x, c, d, y, g, h] = logProjective(m);
    return [...affineCoordinates([2 * a + d, b, x, c, a + 2 * d, y]), g, h];
  },
  bound: (parameters, frame) => {
    const aspect = cropAspect(frame);
    const [g, h] = clampEach(projectiveParameters)(parameters).slice(6);
    const flat = boundAffine(parameters.slice(0, 6));
    const bent = (part: number): readonly number[] => [...flat, g * part, h * part];
    return bent(largestSoundPart((part) => isSound(projectiveMatrix(bent(part)), aspect)));
  },
  meanOf: (all) => {
    const mean = karcherMean(all, { exp: expProjective, log: logProjective }, similarityMean(all));
    return scaleEntries(mean, 1 / keepFromZero(mean[8]));
  },
};
