import { mapBox, squareAround, type Box } from '../../geometry/boxes.ts';
import { determinant, type Matrix3 } from '../../geometry/matrix.ts';
import type { Correction, Pin } from '../../store/corrections.ts';
import { correctionsOfImages, listCorrections } from '../../store/corrections.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId, RunId } from '../../store/ids.ts';
import type { StoredTransform } from '../../store/transforms.ts';
import { listTransforms, transformsOfImages } from '../../store/transforms.ts';

/** What a person has said of a result; one that is corrected and not decided on is `edited`. */
export type Decision = 'none' | 'accepted' | 'rejected' | 'edited';

/** A transform as it counts: what a person has corrected stands over what the run found. */
export interface EffectiveTransform extends StoredTransform {
  readonly decision: Decision;
  /** The person's own correction of the pose or the box. */
  readonly corrected: boolean;
  /** The points that it was held on when it was corrected. */
  readonly pins: readonly Pin[] | null;
}

const canonicalFrame: Box = { xmin: -1, ymin: -1, xmax: 1, ymax: 1 };

/**
 * What counts of a run's result and a person's correction of it. A corrected box moves the canonical frame to the square
 * around it; a corrected pose moves the box of a run that has boxes to the upright box around the frame.
 */
export function effectiveOf(found: StoredTransform, correction: Correction | undefined): EffectiveTransform {
  const decision = decisionOf(correction);
  if (correction === undefined) return { ...found, decision, corrected: false, pins: null };
  const { canonicalToImage: matrix, box, mirrored } = correction;
  if (matrix === null && box === null) return { ...found, decision, corrected: false, pins: null };
  const own = matrix ?? (box === null ? found.canonicalToImage : squareAround(box));
  const around = matrix === null || found.box === null ? found.box : mapBox(matrix, canonicalFrame);
  return {
    ...found,
    canonicalToImage: own,
    mirrored: mirrored ?? (own === null ? found.mirrored : isMirroring(own)),
    box: box ?? around,
    decision,
    corrected: true,
    pins: correction.pins,
  };
}

/** What was decided, in one word. */
export function decisionOf(correction: Correction | undefined): Decision {
  if (correction === undefined) return 'none';
  const { decision, canonicalToImage, box } = correction;
  return decision ?? (canonicalToImage === null && box === null ? 'none' : 'edited');
}

/** All transforms of a run as they count, by image id. **Throws** as `reading`. */
export function effectiveTransforms(project: ProjectReader, run: RunId): readonly EffectiveTransform[] {
  return corrected(listTransforms(project, run), listCorrections(project, run));
}

/** Transforms of some images of a run as they count; those that it has none of are missing. **Throws** as `reading`. */
export function effectiveTransformsOf(
  project: ProjectReader,
  run: RunId,
  images: readonly ImageId[],
): readonly EffectiveTransform[] {
  return corrected(transformsOfImages(project, run, images), correctionsOfImages(project, run, images));
}

/** Whether a transform turns the picture's left into its right. */
function isMirroring(matrix: Matrix3): boolean {
  return determinant(matrix) < 0;
}

function corrected(
  found: readonly StoredTransform[],
  corrections: readonly Correction[],
): readonly EffectiveTransform[] {
  const byImage = new Map(corrections.map((correction) => [correction.image, correction]));
  return found.map((transform) => effectiveOf(transform, byImage.get(transform.image)));
}
