import type { WrittenCrop } from '../../datasets/export-journal.ts';
import type { MetadataAnnotation, MetadataRow } from '../../datasets/metadata-jsonl.ts';
import { pixelToUnit } from '../../geometry/frames.ts';
import { invert, multiply } from '../../geometry/matrix.ts';
import { mapShape, reachesOutside } from '../../geometry/shapes.ts';
import type { CarriedAnnotation } from '../annotations/shapes.ts';
import type { PlannedCrop } from './plan-export.ts';

/** What the rows are made from besides crops: all of it by the name of the image. */
export interface MetadataInputs {
  readonly size: number;
  readonly annotations: ReadonlyMap<string, readonly CarriedAnnotation[]>;
  readonly split: ReadonlyMap<string, string>;
}

/** The rows of `metadata.jsonl` for the crops that were written. */
export function metadataRows(
  planned: readonly PlannedCrop[],
  crops: readonly WrittenCrop[],
  { size, annotations, split }: MetadataInputs,
): readonly MetadataRow[] {
  const byId = new Map(planned.map((item) => [item.id, item]));
  return crops.flatMap(({ id, outsideFraction, effectiveResolution }): MetadataRow[] => {
    const item = byId.get(id);
    if (item === undefined) return [];
    const { image, transform, scores } = item.from;
    const cropToSource = multiply(item.canonicalToImage, pixelToUnit(size, size));
    const carried = (annotations.get(id) ?? []).map((one) => carry(one, invert(cropToSource), size));
    const part = split.get(id);
    return [
      {
        file_name: item.target,
        width: size,
        height: size,
        source: id,
        source_sha256: image.sha256,
        source_width: image.width,
        source_height: image.height,
        family: transform.family,
        mirrored: transform.mirrored,
        status: transform.status,
        canonical_to_source: [...item.canonicalToImage],
        crop_to_source: [...cropToSource],
        similarity: scores['similarity'] ?? scores['confidence'] ?? null,
        outside_fraction: outsideFraction,
        effective_resolution: effectiveResolution,
        ...(part === undefined ? {} : { split: part }),
        ...(carried.length === 0 ? {} : { annotations: carried }),
      },
    ];
  });
}

/** A turned box stays what it is as the polygon of its corners. */
function carry(
  { label, landmark, propagated, shape }: CarriedAnnotation,
  sourceToCrop: Parameters<typeof mapShape>[0],
  size: number,
): MetadataAnnotation {
  const mapped = mapShape(sourceToCrop, shape, 'polygon');
  const points = mapped.kind === 'point' ? [mapped.at] : mapped.kind === 'polygon' ? mapped.points : [];
  return {
    kind: shape.kind,
    label,
    landmark,
    propagated,
    points: points.map(({ x, y }): [number, number] => [x, y]),
    outside: reachesOutside(mapped, { width: size, height: size }),
  };
}
