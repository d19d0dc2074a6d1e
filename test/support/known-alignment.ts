import { finalOf } from './final-of.ts';
import type { FeatureExtractor } from '../../core/features/feature-maps.ts';
import { invert, multiply, type Matrix3 } from '../../core/geometry/matrix.ts';
import { pixelToUnit } from '../../core/geometry/frames.ts';
import { createDescriber } from '../../core/learn/congeal/describe.ts';
import type { AlignFamily } from '../../core/learn/congeal/generators.ts';
import { learnTemplate } from '../../core/learn/congeal/learned.ts';
import { weakPrior } from '../../core/learn/congeal/recipe.ts';
import type { CongealResult } from '../../core/learn/congeal/result.ts';
import { createView, flip } from '../../core/learn/congeal/views.ts';
import type { PosedBeetle } from './posed-beetles.ts';

/** What joint alignment would return if it found the truth. */
export async function knownAlignment(
  set: readonly PosedBeetle[],
  extractor: FeatureExtractor,
  family: AlignFamily,
  mirrored: readonly boolean[] = set.map(() => false),
): Promise<CongealResult> {
  const views = set.map(({ image }) => createView(image, extractor.inputChannels === 3));
  const describer = await createDescriber(extractor, views, undefined);
  const toUnit = set.map(({ image, truth }) => multiply(pixelToUnit(image.width, image.height), truth));
  const warps = toUnit.map((matrix, n): Matrix3 => {
    const warp = multiply(invert(views[n].searchToUnit), matrix);
    return mirrored[n] ? multiply(flip, warp) : warp;
  });
  const alignment = { warps, mirrored, scores: set.map((_, n) => 1 - n / 1000) };
  const { learned: template } = await finalOf(
    learnTemplate(describer, views, alignment, family, mirrored.includes(true), weakPrior),
  );
  const images = set.map(({ image, truth }, n) => ({
    id: image.id,
    toUnit: toUnit[n],
    toAspect: toUnit[n],
    toPixels: truth,
    warp: warps[n],
    mirrored: mirrored[n],
    status: 'ok' as const,
    scores: { similarity: alignment.scores[n], distance: 0, rank: 0 },
  }));
  return { images, template, projection: describer.projection, history: [], concentration: 1 };
}
