import type { Box } from '../../../core/geometry/boxes.ts';
import { mapBox } from '../../../core/geometry/boxes.ts';
import { toMatrix } from '../../ui/posed.ts';

/** The upright box around what a canonical frame shows of an image, in image pixels. */
export function boxOfFrame(canonicalToImage: readonly number[]): Box {
  return mapBox(toMatrix(canonicalToImage), { xmin: -1, ymin: -1, xmax: 1, ymax: 1 });
}
