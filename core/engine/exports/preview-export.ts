import type { ExportRun } from '../../contract/recipes.ts';
import type { FinishedRun } from '../finished-run.ts';
import type { ExportPlan } from './plan-export.ts';

/** What an export would write, as doors show it. */
export interface ExportPreview {
  readonly included: number;
  readonly leftOut: { readonly reason: string; readonly images: number }[];
  readonly first: { readonly image: string; readonly target: string; readonly upscaled: boolean }[];
  readonly bytes: number;
  readonly warnings: string[];
}

/** About so many bytes a pixel of a crop takes, by format: photographs, at the usual quality. */
const bytesPerPixel = { png: 1.9, jpeg: 0.35, webp: 0.2 } as const satisfies Record<ExportRun['image'], number>;

/** Says what an export would write: how much, the first crops, what is left out and why, and what to look at. */
export function previewExport(
  { plan: { crops, leftOut }, annotations }: FinishedRun & { readonly plan: ExportPlan },
  options: ExportRun,
  first: number,
): ExportPreview {
  const enlarged = crops.filter(({ resolution }) => resolution < 1).length;
  const drawn = crops.filter(({ id }) => annotations.has(id)).length;
  return {
    included: crops.length,
    leftOut: leftOut.map(({ reason, images }) => ({ reason, images })),
    first: crops.slice(0, first).map(({ from, target, resolution }) => ({
      image: String(from.image.id),
      target,
      upscaled: resolution < 1,
    })),
    bytes: Math.round(crops.length * options.size ** 2 * bytesPerPixel[options.image]),
    warnings: [
      ...(enlarged > 0
        ? [`${enlarged} of ${crops.length} crops have more pixels than their originals have there: they are enlarged.`]
        : []),
      ...(options.annotations && drawn > 0
        ? ['Turned boxes are written as the polygons of their corners, which is exact.']
        : []),
      ...(options.outside === 'transparent' && options.image === 'jpeg'
        ? ['JPEG has no transparency: what lies outside the original is black.']
        : []),
    ],
  };
}
