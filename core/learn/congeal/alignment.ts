import type { Matrix3 } from '../../geometry/matrix.ts';
import type { Pose } from './describe.ts';
import type { View } from './views.ts';

/** Poses of a set of images and how well each fits the others. */
export interface Alignment {
  readonly warps: readonly Matrix3[];
  readonly mirrored: readonly boolean[];
  readonly scores: readonly number[];
}

/** The poses of an alignment, ready to be described. */
export function posesOf(views: readonly View[], alignment: Alignment): Pose[] {
  return views.map((view, n) => ({ view, warp: alignment.warps[n], mirrored: alignment.mirrored[n] }));
}

/** The members whose scores are among the best `share` (at least two). */
export function bestShare(scores: readonly number[], share: number): boolean[] {
  const order = scores.map((_, n) => n).sort((a, b) => scores[b] - scores[a] || a - b);
  const count = Math.min(scores.length, Math.max(2, Math.round(share * scores.length)));
  const kept = scores.map(() => false);
  for (const n of order.slice(0, count)) kept[n] = true;
  return kept;
}

/** Mean of the best `share` of scores. */
export function meanOfBest(scores: readonly number[], share: number): number {
  const kept = bestShare(scores, share);
  const best = scores.filter((_, n) => kept[n]);
  return best.reduce((sum, score) => sum + score, 0) / Math.max(1, best.length);
}

/** The items at places where `kept` is true. */
export function keep<Item>(items: readonly Item[], kept: readonly boolean[]): Item[] {
  return items.filter((_, n) => kept[n]);
}
