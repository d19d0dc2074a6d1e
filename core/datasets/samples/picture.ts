import type { Box } from '../../geometry/boxes.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { PixelPoint } from '../../geometry/units.ts';

/** A named place on the object of a sample picture, in `PixelPoint`. */
interface SampleLandmark {
  readonly name: string;
  readonly point: PixelPoint;
  /** True where the place moves with a joint, so that no similarity can bring it home in every picture. */
  readonly articulated: boolean;
  /** False where something lies on top of it. */
  readonly visible: boolean;
}

/** What was drawn, and where: the truth that results are measured against. */
export interface SampleTruth {
  /** Object frame (x right, y down, head towards -y) to `PixelPoint`: a similarity. */
  readonly objectToPixel: Matrix3;
  /** `PixelPoint`, tight around the object as if nothing lay on top of it. */
  readonly box: Box;
  readonly landmarks: readonly SampleLandmark[];
}

/** One drawn picture with its truth. Pixels are interleaved rows of 8-bit sRGB (or grey) samples. */
export interface SamplePicture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
  readonly truth: SampleTruth;
}

/** How many pictures of a collection to draw; picture `i` of a seed is the same whatever the count. */
export interface SampleOptions {
  readonly seed: number;
  readonly count: number;
}
