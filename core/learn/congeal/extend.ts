import type { Task } from '../crew/crew.ts';
import type { Alignment } from './alignment.ts';
import { describeEntries, searching, type SearchTools } from './bank.ts';
import { searchable } from './em.ts';
import { fromLearning, refineAgainstTemplate, type LearnedTemplate } from './learned.ts';
import { holdPins } from './pins.ts';
import { rescueHits } from './recipe.ts';
import { judged } from './rescue.ts';
import { settling } from './rivals.ts';
import type { View } from './views.ts';

/** An image that took no part in the learning, and what was learned. */
interface JoinOrder {
  readonly view: View;
  readonly learned: LearnedTemplate;
}

/**
 * Aligns an image that took no part in the learning: it is searched against the learned template, its best hits compete and
 * the winner is refined.
 */
export const joining: Task<SearchTools, JoinOrder, Alignment> = {
  name: 'join',
  run: async (tools, { view, learned }) => {
    const { describer } = tools;
    const template = searchable(tools, learned.search.maps);
    const entries = await describeEntries(tools, view);
    const { prior, toggled } = learned;
    const { hits } = await searching.run(tools, { entries, template, prior, wanted: rescueHits });
    const {
      stage,
      template: { maps: all },
    } = learned.rescue;
    const rivals = hits.map(({ warp, mirrored }) => ({ n: 0, view, warp, mirrored }));
    const settled = await settling.run(tools, { rivals, stage, means: { all } });
    const worth = ({ score, warp }: (typeof settled)[number]): number => judged(score, warp, prior);
    const winner = settled.reduce((best, rival) => (worth(rival) > worth(best) ? rival : best));
    const pose = {
      view,
      mirrored: rivals[winner.place].mirrored !== toggled,
      warp: fromLearning(learned, winner.warp),
    };
    return holdPins([view], await refineAgainstTemplate(describer, learned, [pose], 24));
  },
};
