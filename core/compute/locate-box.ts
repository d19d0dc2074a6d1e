import { squareAround, type Box } from '../geometry/boxes.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import type { Size } from '../geometry/units.ts';
import { measuresOf } from './frames.ts';
import type { Located } from './learned.ts';
import { lowOutliers } from './outliers.ts';

/** What a search found in one image: a box and its canonical frame, or why there is none. */
export interface FoundBox {
  readonly id: string;
  readonly image: Size;
  readonly box: Box | null;
  readonly canonicalToImage: Matrix3 | null;
  readonly score: number;
  readonly reason?: string | undefined;
}

/**
 * Boxes as a run keeps them: those whose score lies far below the others' are flagged. Boxes in `kept`, by image, stand
 * instead of what was found; they have no confidence, as nothing but a person says where they are.
 */
export function locateBoxes(
  found: readonly FoundBox[],
  kept: ReadonlyMap<string, Box> = new Map(),
): readonly Located[] {
  const flagged = lowOutliers(found.map(({ box, score }) => (box === null ? undefined : score)));
  return found.map(({ id, image, box, canonicalToImage, score, reason }, n): Located => {
    const own = kept.get(id);
    if (own !== undefined) return keepBox(id, own, image);
    if (box === null || canonicalToImage === null)
      return { id, status: 'missing', reason, canonicalToImage: null, box: null, mirrored: false, scores: {} };
    return {
      id,
      status: flagged[n] ? 'flagged' : 'ok',
      reason: flagged[n] ? 'what the box shows is less like the others' : undefined,
      canonicalToImage,
      box,
      mirrored: false,
      scores: { confidence: score, ...measuresOf(canonicalToImage, image) },
    };
  });
}

function keepBox(id: string, box: Box, image: Size): Located {
  const canonicalToImage = squareAround(box);
  return { id, status: 'ok', canonicalToImage, box, mirrored: false, scores: measuresOf(canonicalToImage, image) };
}
