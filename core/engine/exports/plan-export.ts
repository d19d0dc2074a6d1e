import type { ExportItem } from '../../compute/export.ts';
import type { ExportOptions } from '../../contract/options.ts';
import { pixelToUnit, widenedBy } from '../../geometry/frames.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import { jacobian, multiply, scale } from '../../geometry/matrix.ts';
import type { FinishedImage } from '../finished-run.ts';
import { createCropNames } from './crop-names.ts';

/** What decides which images become crops, whichever door asks. */
export type ExportChoice = Pick<ExportOptions, 'size' | 'margin' | 'image' | 'flagged'> & {
  readonly rejected?: boolean;
  readonly onlyAccepted?: boolean;
  readonly minimumResolution?: number;
};

/** A crop to be, the file it becomes, and what it is made from. */
export interface PlannedCrop extends ExportItem {
  readonly from: FinishedImage;
  /** Pixels of the original per pixel of the crop at its centre; below 1 the crop is enlarged. */
  readonly resolution: number;
}

/** What an export will write, and what it leaves out, by reason. */
export interface ExportPlan {
  readonly crops: readonly PlannedCrop[];
  readonly leftOut: readonly { readonly reason: string; readonly images: number }[];
}

/** Decides which images become crops, and the names of their files. */
export function planExport(images: readonly FinishedImage[], options: ExportChoice): ExportPlan {
  const reasons = new Map<string, number>();
  const extension = options.image === 'jpeg' ? 'jpg' : options.image;
  const nameOf = createCropNames(extension);
  const crops = images.flatMap((from): PlannedCrop[] => {
    const { canonicalToImage } = from.transform;
    const matrix = canonicalToImage === null ? null : multiply(canonicalToImage, scale(widenedBy(options.margin)));
    const resolution = matrix === null ? 0 : resolutionOf(matrix, options.size);
    const reason = whyLeftOut(from, resolution, options);
    if (matrix === null || reason !== undefined) {
      const said = reason ?? 'nothing was found in them';
      reasons.set(said, (reasons.get(said) ?? 0) + 1);
      return [];
    }
    const { path, sha256 } = from.image;
    const target = `images/${nameOf(from.id)}`;
    return [{ id: from.id, path, sha256, canonicalToImage: matrix, target, from, resolution }];
  });
  return { crops, leftOut: [...reasons].map(([reason, count]) => ({ reason, images: count })) };
}

/** What a person has accepted or corrected is good, whatever the run thought of it. */
function whyLeftOut({ transform }: FinishedImage, resolution: number, options: ExportChoice): string | undefined {
  const { canonicalToImage, decision, corrected, status } = transform;
  const good = decision === 'accepted' || (corrected && decision !== 'rejected');
  if (canonicalToImage === null) return 'nothing was found in them';
  if (decision === 'rejected' && options.rejected !== true) return 'they were rejected';
  if (options.onlyAccepted === true && !good) return 'they were not accepted';
  if (status !== 'ok' && decision !== 'rejected' && !good && !options.flagged) return 'their results are doubtful';
  if (resolution < (options.minimumResolution ?? 0)) return 'their originals have too few pixels there';
  return undefined;
}

function resolutionOf(canonicalToImage: Matrix3, size: number): number {
  const [a, b, c, d] = jacobian(multiply(canonicalToImage, pixelToUnit(size, size)), size / 2, size / 2);
  return Math.sqrt(Math.abs(a * d - b * c));
}
