import { translate } from '../translate.ts';
import type { Alignment } from './alignment.ts';
import { describeEntries, searchImage, type Searcher } from './bank.ts';
import { searchable } from './em.ts';
import { fromLearning, refineAgainstTemplate, type LearnedTemplate } from './learned.ts';
import { holdPins } from './pins.ts';
import { rescueHits } from './recipe.ts';
import { judged, settleRivals, type Rival } from './rescue.ts';
import type { View } from './views.ts';
import { progress, type Work } from './work.ts';

/** Images refined between two words on how far it has come. */
const refinedTogether = 4;

/**
 * Aligns images that took no part in the learning: each is searched against the learned template, its best hits compete
 * and the winner is refined.
 */
export async function* extendTo(
  searcher: Searcher,
  learned: LearnedTemplate,
  views: readonly View[],
  before: number,
  total: number,
): Work<Alignment> {
  const { describer } = searcher;
  const template = searchable(searcher, learned.search.maps);
  const rivals: Rival[] = [];
  for (const [n, view] of views.entries()) {
    const entries = await describeEntries(searcher, view);
    for (const hit of await searchImage(searcher, entries, template, learned.prior, rescueHits))
      rivals.push({ n, view, warp: hit.warp, mirrored: hit.mirrored, score: 0, advantage: 0 });
    yield progress('extend', before + n / 2, total);
  }
  const settling = settleRivals(describer, rivals, learned.rescue.stage, () => learned.rescue.template.maps, 'extend');
  const settled = yield* translate(settling, () => [progress('extend', before + views.length / 2, total)]);
  const winners = views.map((_, n) =>
    settled
      .filter((rival) => rival.n === n)
      .reduce((best, rival) =>
        judged(rival.score, rival.warp, learned.prior) > judged(best.score, best.warp, learned.prior) ? rival : best,
      ),
  );
  const poses = winners.map((rival) => ({
    view: rival.view,
    mirrored: rival.mirrored !== learned.toggled,
    warp: fromLearning(learned, rival.warp),
  }));
  const parts: Alignment[] = [];
  for (let start = 0; start < poses.length; start += refinedTogether) {
    parts.push(await refineAgainstTemplate(describer, learned, poses.slice(start, start + refinedTogether), 24));
    yield progress('extend', before + (views.length + start) / 2, total);
  }
  return holdPins(views, {
    warps: parts.flatMap(({ warps }) => warps),
    mirrored: parts.flatMap(({ mirrored }) => mirrored),
    scores: parts.flatMap(({ scores }) => scores),
  });
}
