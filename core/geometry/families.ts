import { boundLinear, nearestSimilarity } from './linear-part.ts';
import type { Family, FamilyFrame, FamilyName, ParameterInfo } from './family.ts';
import { angle, average, bend, clampEach, cropAspect, shiftX, shiftY, similarityMean } from './family-parts.ts';
import { aspectToUnit, unitToAspect } from './frames.ts';
import { expAffine, expProjective, expSimilarity, logAffine, logProjective, logSimilarity } from './lie.ts';
import { affineLie, projectiveLie } from './lie-families.ts';
import { invert, multiply, rotate, translate, type Matrix3 } from './matrix.ts';
import { lastEntryOne } from './matrix-functions.ts';
import { karcherMean, meanAngle } from './means.ts';

const factor = (name: string): ParameterInfo => ({ name, unit: 'factor', low: -8, high: 8 });

const translationParameters = [shiftX, shiftY];
const attentionParameters: readonly ParameterInfo[] = [
  { name: 'scale', unit: 'factor', low: 0.05, high: 4 },
  shiftX,
  shiftY,
];
const similarityParameters: readonly ParameterInfo[] = [
  angle,
  { name: 'log scale', unit: 'log', low: -Math.log(8), high: Math.log(8) },
  { ...shiftX, low: -4, high: 4 },
  { ...shiftY, low: -4, high: 4 },
];
const affineParameters = [factor('xx'), factor('xy'), shiftX, factor('yx'), factor('yy'), shiftY];

const translation: Family = {
  name: 'translation',
  parameters: translationParameters,
  identity: [0, 0],
  frame: 'unit',
  matrixOf: ([x, y]) => translate(x, y),
  parametersOf: (m) => [2, 5].map((i) => lastEntryOne(m)[i]),
  bound: clampEach(translationParameters),
  meanOf: (all) => translate(average(all.map((m) => m[2])), average(all.map((m) => m[5]))),
};

const attention: Family = {
  name: 'attention',
  parameters: attentionParameters,
  identity: [1, 0, 0],
  frame: 'unit',
  matrixOf: ([s, x, y]) => [s, 0, x, 0, s, y, 0, 0, 1],
  parametersOf: (m) => {
    const [a, , x, , d, y] = lastEntryOne(m);
    return [(a + d) / 2, x, y];
  },
  bound: clampEach(attentionParameters),
  meanOf: similarityMean,
};

const rotation: Family = {
  name: 'rotation',
  parameters: [angle],
  identity: [0],
  frame: 'aspect',
  matrixOf: ([r]) => rotate(r),
  parametersOf: (m) => [Math.atan2(m[3] - m[1], m[0] + m[4])],
  bound: clampEach([angle]),
  meanOf: (all) => rotate(meanAngle(all.map((m) => Math.atan2(m[3], m[0])))),
};

const similarity: Family = {
  name: 'similarity',
  parameters: similarityParameters,
  identity: [0, 0, 0, 0],
  frame: 'aspect',
  matrixOf: expSimilarity,
  parametersOf: (m) => logSimilarity(nearestSimilarity(m)),
  bound: clampEach(similarityParameters),
  meanOf: similarityMean,
};

const affine: Family = {
  name: 'affine',
  parameters: affineParameters,
  identity: [1, 0, 0, 0, 1, 0],
  frame: 'unit',
  matrixOf: ([a, b, x, c, d, y]) => [a, b, x, c, d, y, 0, 0, 1],
  parametersOf: (m) => lastEntryOne(m).slice(0, 6),
  bound: ([a, b, x, c, d, y]) => {
    const [p, q, r, s] = boundLinear(a, b, c, d, 1 / 8, 8);
    const [u, v] = clampEach(translationParameters)([x, y]);
    return [p, q, u, r, s, v];
  },
  meanOf: (all) => karcherMean(all, { exp: expAffine, log: logAffine }, similarityMean(all)),
};

const projective: Family = {
  name: 'projective',
  parameters: [...affineParameters, bend('wx'), bend('wy')],
  identity: [1, 0, 0, 0, 1, 0, 0, 0],
  frame: 'unit',
  matrixOf: ([a, b, x, c, d, y, g, h]) => [a, b, x, c, d, y, g, h, 1],
  parametersOf: (m) => lastEntryOne(m).slice(0, 8),
  bound: (parameters, frame) => {
    const [g, h] = [parameters[6], parameters[7]];
    /* |g| + |h| <= 0.9 keeps w between 0.1 and 1.9 all over the crop. */
    const shrink = Math.min(1, 0.9 / Math.max(1e-12, Math.abs(g) + Math.abs(h)));
    return [...affine.bound(parameters, frame), g * shrink, h * shrink];
  },
  meanOf: (all) => lastEntryOne(karcherMean(all, { exp: expProjective, log: logProjective }, similarityMean(all))),
};

/** All transform families by name. */
export const families = {
  translation,
  attention,
  rotation,
  similarity,
  affine,
  projective,
  'affine-lie': affineLie,
  'projective-lie': projectiveLie,
} satisfies Record<FamilyName, Family>;

/**
 * The unit matrix of a transform: canonical coordinates in, unit coordinates of the source image out.
 *
 * **Convention**: families of the aspect frame act between `unitToAspect` of the crop and `aspectToUnit` of the image, so
 * that rotations do not shear, whatever the shapes of both.
 */
export function toMatrix(family: Family, parameters: readonly number[], frame: FamilyFrame): Matrix3 {
  const own = family.matrixOf(parameters);
  if (family.frame === 'unit') return own;
  return multiply(aspectToUnit(frame.width, frame.height), multiply(own, unitToAspect(cropAspect(frame), 1)));
}

/**
 * The parameters of the family's member nearest to a unit matrix; exact when the matrix belongs to the family.
 *
 * **Throws** a RangeError for a matrix that the family cannot come near, such as one that sends the centre to infinity.
 */
export function fromMatrix(family: Family, matrix: Matrix3, frame: FamilyFrame): readonly number[] {
  return family.parametersOf(family.frame === 'unit' ? matrix : toAspectFrame(matrix, frame));
}

/** A unit matrix as a map between frames in which circles are round: crop to image. */
export function toAspectFrame(matrix: Matrix3, frame: FamilyFrame): Matrix3 {
  return multiply(unitToAspect(frame.width, frame.height), multiply(matrix, aspectToUnit(cropAspect(frame), 1)));
}

/**
 * Parameters of `first` followed by `second` in the family's own frame.
 *
 * **Convention**: second after first. **Throws** a RangeError where the family cannot write the result: a projective map
 * that sends the centre of the crop to infinity, or one without a real logarithm.
 */
export function composeParameters(
  family: Family,
  second: readonly number[],
  first: readonly number[],
): readonly number[] {
  return family.parametersOf(multiply(family.matrixOf(second), family.matrixOf(first)));
}

/**
 * Parameters of the inverse transform in the family's own frame.
 *
 * **Throws** a RangeError for a collapsed transform, and where the family cannot write the inverse.
 */
export function invertParameters(family: Family, parameters: readonly number[]): readonly number[] {
  return family.parametersOf(invert(family.matrixOf(parameters)));
}

/** Parameters of the mean of some transforms of one family. **Throws** a RangeError when there are none. */
export function meanParameters(family: Family, all: readonly (readonly number[])[]): readonly number[] {
  return family.parametersOf(family.meanOf(all.map((parameters) => family.matrixOf(parameters))));
}
