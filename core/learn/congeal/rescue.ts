import { identity3, multiply, type Matrix3 } from '../../geometry/matrix.ts';
import { agree, productsOf } from './consensus.ts';
import { bestShare, posesOf, type Alignment } from './alignment.ts';
import { crewOf, describeCoarse, searching, type Bank, type Searcher, type Wanted } from './bank.ts';
import { describePoses } from './describe.ts';
import { searchTemplate } from './em.ts';
import { readPose } from './gauge.ts';
import { latticeOf, scoreFloor, type RefineStage } from './refine.ts';
import { settleRivals, type Rival } from './rivals.ts';
import { bestHit, searchGrid, wrap, type Prior } from './search.ts';
import type { View } from './views.ts';
import { sumKept } from './template.ts';
import { piecesOf, type Work } from './work.ts';

const halfTurn: Matrix3 = [-1, 0, 0, 0, -1, 0, 0, 0, 1];

/** How much better a new pose must be than the one an image has; less where it is that one turned by half a circle. */
const margin = 0.01;
const turnMargin = 0.001;

/** The score of a pose less what its rotation costs under the prior. */
export function judged(score: number, warp: Matrix3, prior: Prior): number {
  if (prior.rotation === null) return score;
  const turn = wrap(readPose(warp).rotation - prior.rotationMean) / prior.rotation;
  return score - 0.5 * prior.strength * turn * turn;
}

/** Each image's pose turned by half a circle, then moved to where it is most like the template. */
async function turnOver(
  searcher: Searcher,
  views: readonly View[],
  { warps, mirrored }: Alignment,
  template: Float32Array,
): Promise<Matrix3[]> {
  const { correlator, cells } = searcher;
  const turned = warps.map((warp) => multiply(warp, halfTurn));
  const poses = turned.map((warp, n) => ({ view: views[n], warp, mirrored: mirrored[n] }));
  const entries = await describeCoarse(searcher, poses);
  const scores = await correlator.correlate(template, 1, entries, poses.length);
  const grid = searchGrid(0, false, 1);
  const free = { strength: 0, rotation: null, rotationMean: 0, logScale: 1, shift: 1 };
  const each = scores.length / poses.length;
  return turned.map((warp, n) =>
    multiply(warp, bestHit(grid, scores, n * each, correlator.shifts, cells, free)?.warp ?? identity3),
  );
}

/** How one round of rescue works. */
export interface RescueRound {
  readonly stage: RefineStage;
  /** Share of the images that make the template, and share (the worst) that is searched again, for how many hits. */
  readonly keptShare: number;
  readonly share: number;
  readonly hits: Wanted;
  readonly prior: Prior;
  /** Whether the present pose turned by half a circle is a rival too, in every image. */
  readonly turned?: boolean;
}

/**
 * Searches images again with the refined template and lets the best hits and the present pose, each refined against the
 * same fixed leave-one-out mean, compete. Never replaces blindly.
 */
export async function* rescueAll(
  searcher: Searcher,
  bank: Bank,
  state: Alignment,
  { stage, keptShare, share, hits, prior, turned = false }: RescueRound,
): Work<Alignment> {
  const { describer, cells } = searcher;
  const { views } = bank;
  const kept = bestShare(state.scores, keptShare);
  const sums = sumKept(await describePoses(describer, posesOf(views, state), cells, 1), kept);
  const well = bestShare(state.scores, 1 - share);
  const isSearched = (n: number): boolean => share === 1 || !well[n];
  const doubtful = views.map((_, n) => n).filter((n) => views[n].pin === undefined && (turned || isSearched(n)));
  const searched = doubtful.filter(isSearched);
  const crew = crewOf(searcher);
  const found = yield* piecesOf('rescue', crew, describer.signal, searching, searched.length, (k) => {
    const n = searched[k];
    return { entries: bank.maps[n], template: searchTemplate(searcher, sums, n), prior, wanted: hits };
  });
  const hitsOf = new Map(searched.map((n, k) => [n, found[k].hits]));
  const halves = turned ? await turnOver(searcher, views, state, searchTemplate(searcher, sums, -1)) : [];
  const present = (n: number, score: number): Rival => ({
    ...{ n, view: views[n], warp: state.warps[n], mirrored: state.mirrored[n] },
    ...{ score, advantage: margin },
  });
  const rivals = doubtful.flatMap((n): Rival[] => [
    present(n, 0),
    ...(turned ? [{ ...present(n, 0), warp: halves[n], advantage: margin - turnMargin }] : []),
    ...(hitsOf.get(n) ?? []).map((hit) => ({ ...hit, n, view: views[n], score: 0, advantage: 0 })),
  ]);
  const fixed = sumKept(await describePoses(describer, posesOf(views, state), stage.cells, stage.zoom), kept);
  const settled = yield* settleRivals(crew, describer.signal, rivals, stage, { others: fixed }, 'rescue');
  const others = views.flatMap((_, n) => (doubtful.includes(n) ? [] : [present(n, state.scores[n])]));
  const all = [...settled, ...others];
  const described = await describePoses(describer, all, stage.cells, stage.zoom);
  const choices = all.map((rival) => ({
    n: rival.n,
    bonus: judged(0, rival.warp, prior) + rival.advantage,
  }));
  const worth = (place: number): number => all[place].score + choices[place].bonus;
  const begin = views.map((_, n) =>
    all.reduce((best, rival, place) => (rival.n === n && (best < 0 || worth(place) > worth(best)) ? place : best), -1),
  );
  const lattice = latticeOf(stage, described.channels);
  const products = await productsOf(described, lattice.window, scoreFloor, describer.runtime ?? {});
  const { chosen, scores } = agree(choices, products, kept, begin);
  return {
    warps: chosen.map((place) => all[place].warp),
    mirrored: chosen.map((place) => all[place].mirrored),
    scores,
  };
}
