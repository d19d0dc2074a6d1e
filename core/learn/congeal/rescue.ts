import type { Matrix3 } from '../../geometry/matrix.ts';
import { bestShare, posesOf, type Alignment } from './alignment.ts';
import { searchImage, type Bank, type Searcher } from './bank.ts';
import { describePoses, type Describer, type Pose } from './describe.ts';
import { searchTemplate } from './em.ts';
import { readPose } from './gauge.ts';
import { rescueFinalists, rescueHeats } from './recipe.ts';
import { latticeOf, safeStep, scoreFloor, type RefineStage } from './refine.ts';
import { wrap, type Prior } from './search.ts';
import { cellWeights, dotScore, meanWithout, sumKept } from './template.ts';
import { eachOf, progress, type Work } from './work.ts';

/** A pose of image `n` that competes with others of the same image. */
export interface Rival extends Pose {
  readonly n: number;
  readonly score: number;
  /** True for the pose that the image already has. */
  readonly present: boolean;
}

/** Template maps that image `n` is compared with. */
export type MapsFor = (n: number) => Float32Array;

/** How much better a new pose must be than the one an image has. */
const margin = 0.01;

/** Takes each rival some steps towards fixed maps and scores where it ends; works through them in batches. */
export async function* settleRivals(
  describer: Describer,
  rivals: readonly Rival[],
  stage: RefineStage,
  mapsFor: MapsFor,
  phase: string,
): Work<Rival[]> {
  const channels = describer.projection.components;
  const lattice = latticeOf(stage, channels);
  const length = channels * stage.cells * stage.cells;
  let current = [...rivals];
  for (let i = 0; i <= stage.iterations; i++) {
    const next: Rival[] = [];
    for (let start = 0; start < current.length; start += 60) {
      const part = current.slice(start, start + 60);
      const described = await describePoses(describer, part, stage.cells, stage.zoom);
      part.forEach((rival, k) => {
        const maps = mapsFor(rival.n);
        const weight = cellWeights(maps, channels, lattice.window, scoreFloor);
        const score = dotScore(maps, weight, described.maps, k * length, channels);
        const moves = i < stage.iterations;
        const warp = moves ? safeStep(lattice, maps, described, k, rival.warp, stage.shrink) : rival.warp;
        next.push({ ...rival, warp, score });
      });
      yield progress(
        phase,
        Math.min(current.length, start + 60) + i * current.length,
        current.length * (stage.iterations + 1),
      );
    }
    current = i + 1 === rescueHeats ? finalists(next) : next;
  }
  return current;
}

/** The best few rivals of each image. */
function finalists(rivals: readonly Rival[]): Rival[] {
  return rivals.filter((rival) => {
    const better = rivals.filter((other) => other.n === rival.n && other.score > rival.score);
    return better.length < rescueFinalists;
  });
}

/** The score of a pose less what its rotation costs under the prior. */
export function judged(score: number, warp: Matrix3, prior: Prior): number {
  if (prior.rotation === null) return score;
  const turn = wrap(readPose(warp).rotation - prior.rotationMean) / prior.rotation;
  return score - 0.5 * prior.strength * turn * turn;
}

/** How one round of rescue works. */
export interface RescueRound {
  readonly stage: RefineStage;
  /** Share of the images that make the template, and share (the worst) that is searched again. */
  readonly keptShare: number;
  readonly share: number;
  readonly hits: number;
  readonly prior: Prior;
}

/**
 * Searches images again with the refined template and lets the best hits and the present pose, each refined against the
 * same fixed leave-one-out mean, compete. Never replaces blindly.
 */
export async function* rescueAll(
  searcher: Searcher,
  bank: Bank,
  state: Alignment,
  { stage, keptShare, share, hits, prior }: RescueRound,
): Work<Alignment> {
  const { describer, cells } = searcher;
  const { views } = bank;
  const kept = bestShare(state.scores, keptShare);
  const sums = sumKept(await describePoses(describer, posesOf(views, state), cells, 1), kept);
  const well = bestShare(state.scores, 1 - share);
  const doubtful = views.map((_, n) => n).filter((n) => views[n].pin === undefined && (share === 1 || !well[n]));
  const found = yield* eachOf('rescue', doubtful.length, 6, describer.signal, (k) =>
    searchImage(searcher, bank.maps[doubtful[k]], searchTemplate(searcher, sums, doubtful[k]), prior, hits),
  );
  const rivals = doubtful.flatMap((n, k): Rival[] => [
    { n, view: views[n], warp: state.warps[n], mirrored: state.mirrored[n], score: 0, present: true },
    ...found[k].map((hit) => ({ ...hit, n, view: views[n], score: 0, present: false })),
  ]);
  const fixed = sumKept(await describePoses(describer, posesOf(views, state), stage.cells, stage.zoom), kept);
  const maps = new Float32Array(fixed.maps.length);
  let prepared = -1;
  const mapsFor = (n: number): Float32Array => {
    if (prepared !== n) meanWithout(fixed, n, maps);
    prepared = n;
    return maps;
  };
  const settled = yield* settleRivals(describer, rivals, stage, mapsFor, 'rescue');
  const worth = (rival: Rival): number => judged(rival.score, rival.warp, prior) + (rival.present ? margin : 0);
  const result = { warps: [...state.warps], mirrored: [...state.mirrored], scores: [...state.scores] };
  for (const n of doubtful) {
    const winner = settled
      .filter((rival) => rival.n === n)
      .reduce((best, rival) => (worth(rival) > worth(best) ? rival : best));
    result.warps[n] = winner.warp;
    result.mirrored[n] = winner.mirrored;
    result.scores[n] = winner.score;
  }
  return result;
}
