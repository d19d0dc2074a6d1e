import type { TransformRow } from '../datasets/transform-row.ts';
import type { LearningOutcome } from './run-learning.ts';

/** One row per file of the collection, those that could not be read included. */
export function transformRows({ learned, source }: LearningOutcome): readonly TransformRow[] {
  const { family } = learned;
  const none = { canonicalToImage: null, similarity: null, outsideFraction: null, effectiveResolution: null };
  const aligned = learned.located.map((one, n) => ({
    file: one.id,
    width: learned.images[n].info.width,
    height: learned.images[n].info.height,
    family,
    mirrored: one.mirrored,
    canonicalToImage: one.canonicalToImage,
    similarity: one.scores['similarity'] ?? null,
    outsideFraction: one.scores['outside_fraction'] ?? null,
    effectiveResolution: one.scores['effective_resolution'] ?? null,
    status: one.status,
  }));
  const unread = [...source.failures, ...learned.failures].map(({ id, code }) => ({
    ...{ file: id, width: null, height: null, family, mirrored: false, status: `failed: ${code}` },
    ...none,
  }));
  return [...aligned, ...unread];
}
