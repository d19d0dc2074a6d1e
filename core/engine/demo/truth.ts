import type { Sample } from '../../compute/samples.ts';
import { localisationAccuracy, transferAccuracy } from '../../geometry/agreement.ts';
import type { Box } from '../../geometry/boxes.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import { poseResiduals } from '../../geometry/residuals.ts';
import { centreSquare } from '../before.ts';

/** A measure of agreement with the truth, before a run and after it, in its unit. */
export interface Measured {
  readonly label: string;
  readonly before: number;
  readonly after: number;
  readonly unit: string;
  readonly digits: number;
}

/** Boxes against the truth: before is a centred box of the true boxes' mean size, which nobody knows beforehand. */
export function measureBoxes(samples: readonly Sample[], boxes: ReadonlyMap<string, Box | null>): readonly Measured[] {
  const size = (pick: (box: Box) => number) =>
    samples.reduce((sum, { truth }) => sum + pick(truth.box), 0) / samples.length;
  const [width, height] = [size((box) => box.xmax - box.xmin), size((box) => box.ymax - box.ymin)];
  const centred = ({ width: w, height: h }: Sample): Box => ({
    xmin: (w - width) / 2,
    ymin: (h - height) / 2,
    xmax: (w + width) / 2,
    ymax: (h + height) / 2,
  });
  const accuracy = (found: (sample: Sample) => Box | null) =>
    localisationAccuracy(samples.map((sample) => ({ found: found(sample), truth: [sample.truth.box] })));
  const before = accuracy(centred);
  const after = accuracy((sample) => boxes.get(sample.file) ?? null);
  return [
    { label: 'CorLoc (IoU over 0.5)', before: 100 * before.corLoc, after: 100 * after.corLoc, unit: '%', digits: 1 },
    { label: 'Mean IoU', before: before.meanIou, after: after.meanIou, unit: '', digits: 3 },
  ];
}

/** Poses against the truth: medians of what still separates the images, and landmarks carried from image to image. */
export function measurePoses(samples: readonly Sample[], found: ReadonlyMap<string, Matrix3>): readonly Measured[] {
  const aligned = samples.flatMap((sample) => {
    const matrix = found.get(sample.file);
    return matrix === undefined ? [] : [{ sample, matrix }];
  });
  const before = poseResiduals(
    aligned.map(({ sample }) => ({ found: centreSquare(sample), truth: sample.truth.objectToPixel })),
  );
  const after = poseResiduals(
    aligned.map(({ sample, matrix }) => ({ found: matrix, truth: sample.truth.objectToPixel })),
  );
  const residuals: Measured[] = [
    { label: 'Residual rotation, median', before: before.rotation, after: after.rotation, unit: '°', digits: 1 },
    { label: 'Residual scale, median', before: before.scale, after: after.scale, unit: '×', digits: 3 },
    {
      label: 'Residual shift, median',
      before: 100 * before.shift,
      after: 100 * after.shift,
      unit: '% of half the object',
      digits: 1,
    },
  ];
  const rigid = (sample: Sample) => sample.truth.landmarks.filter(({ articulated }) => !articulated);
  if (rigid(samples[0]).length < 2) return residuals;
  const carried = (matrix: (sample: Sample) => Matrix3 | null) =>
    transferAccuracy(
      samples.map((sample) => ({
        points: rigid(sample).map(({ point }) => point),
        canonicalToImage: matrix(sample),
      })),
      [0.1],
    ).shares[0];
  return [
    ...residuals,
    {
      label: 'Rigid landmarks carried over (PCK@0.1)',
      before: 100 * carried(centreSquare),
      after: 100 * carried((sample) => found.get(sample.file) ?? null),
      unit: '%',
      digits: 1,
    },
  ];
}
