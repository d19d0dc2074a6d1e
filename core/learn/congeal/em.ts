import { bestShare, keep, meanOfBest, posesOf, type Alignment } from './alignment.ts';
import type { Task } from '../crew/crew.ts';
import { sharedFloats } from '../crew/shared.ts';
import {
  crewOf,
  hitsIn,
  prominenceIn,
  scaledTemplate,
  searching,
  type Bank,
  type Searcher,
  type SearchTools,
} from './bank.ts';
import { describePoses } from './describe.ts';
import { applyGauge, neutralGauge } from './gauge.ts';
import { hasPins, holdPins } from './pins.ts';
import { leadingCount } from './recipe.ts';
import { refineOnce, workplaceOf, type RefineStage } from './refine.ts';
import { identity3 } from '../../geometry/matrix.ts';
import type { Hit, Prior } from './search.ts';
import { cellWeights, gaussianWindow, meanWithout, sumKept, type Sums } from './template.ts';
import { piecesOf, progress, type Work } from './work.ts';

/** Floor of the template's cell weights in searches. */
export const searchFloor = 0.2;
/** Standard deviation of the Gaussian window in searches. */
export const searchSigma = 0.35;

/** How one round of expectation and maximisation works. */
export interface Round {
  readonly phase: string;
  readonly share: number;
  readonly prior: Prior;
  readonly withRotation: boolean;
  readonly polish: RefineStage;
  readonly polishIterations: number;
}

/** What a search of a whole bank found, how far each hit stands out, and which entries of each image led it. */
export interface Found {
  readonly alignment: Alignment;
  /** By image: the best score in standard deviations of all that image's scores. */
  readonly prominence: readonly number[];
  readonly leading: readonly (readonly number[])[];
}

/** Searches every image of a bank against the scaled template that `templateFor` gives it. */
export async function* searchAll(
  searcher: Searcher,
  bank: Bank,
  phase: string,
  prior: Prior,
  templateFor: (n: number) => Float32Array,
): Work<Found> {
  const { signal } = searcher.describer;
  const found = yield* piecesOf(phase, crewOf(searcher), signal, searching, bank.views.length, (n) => {
    return { entries: bank.maps[n], places: bank.places?.[n], template: templateFor(n), prior, leading: leadingCount };
  });
  return {
    alignment: alignmentOf(found.map(({ hits }) => hits[0])),
    prominence: found.map((image) => image.prominence),
    leading: found.map((image) => image.leading),
  };
}

function alignmentOf(hits: readonly Hit[]): Alignment {
  return {
    warps: hits.map((hit) => hit.warp),
    mirrored: hits.map((hit) => hit.mirrored),
    scores: hits.map((hit) => hit.score),
  };
}

/** The scaled template that a set without member `n` (-1: the whole set) agrees on. */
export function searchTemplate(searcher: Searcher, sums: Sums, n: number): Float32Array {
  const { channels, cells } = sums.described;
  const maps = new Float32Array(channels * cells * cells);
  meanWithout(sums, n, maps);
  return searchable(searcher, maps);
}

/** Weighs and scales a mean for the correlator, with the channels that take part in searches. */
export function searchable(searcher: SearchTools, maps: Float32Array): Float32Array {
  const { channels, cells } = searcher;
  const part = maps.subarray(0, channels * cells * cells);
  return scaledTemplate(part, cellWeights(part, channels, gaussianWindow(cells, searchSigma), searchFloor));
}

/** Takes the images whose poses are fixed for the template and searches all others against it. */
export async function* followPins(searcher: Searcher, bank: Bank, prior: Prior): Work<Alignment> {
  const poses = bank.views.map((view) => ({ view, warp: identity3, mirrored: false, ...view.pin }));
  const described = await describePoses(searcher.describer, poses, searcher.cells, 1);
  const fixed = sumKept(
    described,
    bank.views.map((view) => view.pin !== undefined),
  );
  const template = searchTemplate(searcher, fixed, -1);
  const { alignment } = yield* searchAll(searcher, bank, 'anchors', prior, () => template);
  return holdPins(bank.views, alignment);
}

/** One image to be compared with several scaled templates. */
interface CompareOrder {
  readonly entries: Uint8Array;
  readonly templates: Float32Array;
  readonly count: number;
  readonly prior: Prior;
}

/** Searches one image, coarsely, for all templates at once: reading its entries takes longer than one more template. */
export const comparing: Task<SearchTools, CompareOrder, { readonly hit: Hit; readonly prominence: number }[]> = {
  name: 'compare',
  run: async (searcher, { entries, templates, count, prior }) => {
    const coarse = { ...searcher, correlator: searcher.coarse };
    const all = await coarse.correlator.correlate(templates, count, entries, searcher.grid.entries.length);
    const each = all.length / count;
    return Array.from({ length: count }, (_, template) => {
      const scores = all.subarray(template * each, (template + 1) * each);
      const [hit] = hitsIn(coarse, scores, prior);
      return { hit, prominence: prominenceIn(scores, hit.score) };
    });
  },
};

/** Takes single images as they are for templates and says how well the others can follow each: anchors, best first. */
export async function* compareAnchors(
  searcher: Searcher,
  bank: Bank,
  count: number,
  prior: Prior,
): Work<{ readonly anchor: number; readonly alignment: Alignment }[]> {
  const views = bank.views.slice(0, count);
  const poses = views.map((view) => ({ view, warp: identity3, mirrored: false }));
  const described = await describePoses(searcher.describer, poses, searcher.cells, 1);
  const length = searcher.channels * searcher.cells * searcher.cells;
  const templates = sharedFloats(views.length * length);
  for (let anchor = 0; anchor < views.length; anchor++) {
    const alone = sumKept(
      described,
      views.map((_, n) => n === anchor),
    );
    templates.set(searchTemplate(searcher, alone, -1), anchor * length);
  }
  const { signal } = searcher.describer;
  const found = yield* piecesOf('anchors', crewOf(searcher), signal, comparing, bank.views.length, (n) => {
    return { entries: bank.maps[n], templates, count: views.length, prior };
  });
  const results = views.map((_, anchor) => {
    const hits = found.map((of) => of[anchor].hit);
    const others = found.flatMap((of, n) => (n === anchor ? [] : [of[anchor].prominence]));
    return { anchor, alignment: alignmentOf(hits), score: meanOfBest(others, 0.6) };
  });
  return results.sort((a, b) => b.score - a.score || a.anchor - b.anchor);
}

/** One round: leave-one-out means of the best members as templates, every image searched anew and polished. */
export async function* emRound(searcher: Searcher, bank: Bank, alignment: Alignment, round: Round): Work<Found> {
  const { describer, cells } = searcher;
  const described = await describePoses(describer, posesOf(bank.views, alignment), cells, 1);
  const sums = sumKept(described, bestShare(alignment.scores, round.share));
  const templateFor = (n: number): Float32Array => searchTemplate(searcher, sums, n);
  const {
    alignment: found,
    prominence,
    leading,
  } = yield* searchAll(searcher, bank, round.phase, round.prior, templateFor);
  const gauge = hasPins(bank.views)
    ? identity3
    : neutralGauge(keep(found.warps, bestShare(found.scores, 0.8)), round.withRotation);
  let state = holdPins(bank.views, { ...found, warps: applyGauge(found.warps, gauge) });
  const kept = bestShare(found.scores, round.share);
  const workplace = workplaceOf(describer, bank.views.length, round.polish);
  for (let i = 0; i < round.polishIterations; i++) {
    state = await refineOnce(workplace, bank.views, state, kept, round.withRotation);
    yield progress(round.phase, bank.views.length, bank.views.length);
  }
  return { alignment: { ...state, scores: found.scores }, prominence, leading };
}
