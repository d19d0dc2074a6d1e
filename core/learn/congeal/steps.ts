import type { Alignment } from './alignment.ts';
import { bestShare, keep, meanOfBest, posesOf } from './alignment.ts';
import { narrowBank, partOfBank, type Bank } from './bank.ts';
import { concentrationOf, isConcentrated, learnedPrior } from './concentration.ts';
import { describePoses } from './describe.ts';
import { compareAnchors, emRound, followPins, searchAll, searchTemplate, type Round } from './em.ts';
import { recentre } from './frame.ts';
import type { CompleteOptions } from './options.ts';
import { hasPins } from './pins.ts';
import * as recipe from './recipe.ts';
import { refineAll, type RefineStage } from './refine.ts';
import { rescueAll } from './rescue.ts';
import type { Room } from './room.ts';
import type { Prior } from './search.ts';
import type { CongealState } from './state.ts';
import { sumKept } from './template.ts';
import { progress, type Work } from './work.ts';

/** One step of the recipe on the core set; what it needs beyond the state it computes anew. */
export interface Step {
  readonly needsBank: boolean;
  run(room: Room, bank: Bank | undefined, state: CongealState): Work<CongealState>;
}

/** The prior that a set's own rotations suggest. */
export function priorOf(alignment: Alignment): Prior {
  const kept = keep(alignment.warps, bestShare(alignment.scores, recipe.refineShare));
  return learnedPrior(recipe.weakPrior, concentrationOf(kept));
}

/** The recipe as a list of steps for `count` images. */
export function stepsOf(count: number, options: CompleteOptions): Step[] {
  const { family } = options;
  const trial = Math.min(count, recipe.trialLimit);
  const candidates = options.pins?.size ? 1 : Math.min(recipe.candidateCount, trial);
  const [stiffest, ...freer] = recipe.lastStages(family);
  const round = (phase: string, share: number): Round => ({
    phase,
    share,
    prior: recipe.weakPrior,
    withRotation: options.rotation < 180,
    polish: recipe.polishStage(family),
    polishIterations: recipe.polishIterations,
  });
  return [
    anchorStep(trial, candidates),
    ...Array.from({ length: candidates }, (_, place) => growStep(trial, place, round)),
    settleStep(trial, round),
    refineStep(recipe.firstStage(family)),
    ...recipe.rescueShares.map((share) => rescueStep(recipe.rescueStage(family), share)),
    refineStep(stiffest),
    rescueStep(recipe.rescueStage(family), recipe.lateRescueShare),
    ...freer.map((stage) => refineStep(stage)),
    ...(options.rotation >= 180 && family !== 'translation' ? [turnStep(recipe.turnStage(family))] : []),
    refineStep(recipe.kinStage(family)),
  ];
}

function anchorStep(trial: number, candidates: number): Step {
  return {
    needsBank: true,
    async *run(room, bank, state) {
      const part = partOfBank(required(bank), range(trial));
      if (hasPins(room.coreViews))
        return { ...state, anchors: [yield* followPins(room.searcher, part, recipe.weakPrior)] };
      const count = Math.min(recipe.anchorCount, trial);
      const ranked = yield* compareAnchors(room.searcher, part, count, recipe.weakPrior);
      return { ...state, anchors: ranked.slice(0, candidates).map(({ alignment }) => alignment) };
    },
  };
}

function growStep(trial: number, place: number, round: (phase: string, share: number) => Round): Step {
  return {
    needsBank: true,
    async *run(room, bank, state) {
      let part = partOfBank(required(bank), range(trial));
      let candidate = { alignment: state.anchors[place], prominence: 0 };
      for (const share of recipe.growShares) {
        const found = yield* emRound(room.searcher, part, candidate.alignment, round('grow', share));
        const { alignment, prominence, leading } = found;
        candidate = { alignment, prominence: meanOfBest(prominence, 0.8) };
        if (part.places === undefined) part = narrowBank(room.searcher, part, leading);
      }
      return { ...state, candidates: [...state.candidates, candidate] };
    },
  };
}

function settleStep(trial: number, round: (phase: string, share: number) => Round): Step {
  return {
    needsBank: true,
    async *run(room, bank, state) {
      const all = required(bank);
      const { alignment: best } = state.candidates.reduce((a, b) => (b.prominence > a.prominence ? b : a));
      const { searcher, describer } = room;
      const described = await describePoses(describer, posesOf(all.views.slice(0, trial), best), searcher.cells, 1);
      yield progress('settle', 0, all.views.length);
      const template = searchTemplate(searcher, sumKept(described, bestShare(best.scores, 0.8)), -1);
      const first = yield* searchAll(searcher, all, 'settle', recipe.weakPrior, () => template);
      const narrow = narrowBank(searcher, all, first.leading);
      let core = first.alignment;
      for (const share of recipe.settleShares)
        core = (yield* emRound(searcher, narrow, core, round('settle', share))).alignment;
      const upright = isConcentrated(concentrationOf(core.warps));
      if (!hasPins(all.views)) core = await recentre(describer, all.views, core, recipe.refineShare, upright);
      return { ...state, anchors: [], candidates: [], core };
    },
  };
}

function refineStep(stage: RefineStage): Step {
  return {
    needsBank: false,
    async *run(room, _, state) {
      const start = required(state.core);
      const upright = isConcentrated(concentrationOf(start.warps));
      const history = [...state.history];
      const core = yield* refineAll(room.describer, room.coreViews, start, stage, recipe.refineShare, upright, history);
      return { ...state, core, history };
    },
  };
}

function rescueStep(stage: RefineStage, share: number): Step {
  return {
    needsBank: true,
    async *run(room, bank, state) {
      const start = required(state.core);
      const core = yield* rescueAll(room.searcher, required(bank), start, {
        stage,
        keptShare: recipe.refineShare,
        share,
        hits: recipe.rescueHits,
        prior: priorOf(start),
      });
      return { ...state, core };
    },
  };
}

/**
 * Tries every image the other way up, because searches and small steps cannot tell two ends that are alike; and searches
 * the worst once more, for many poses.
 */
function turnStep(stage: RefineStage): Step {
  return {
    needsBank: true,
    async *run(room, bank, state) {
      const start = required(state.core);
      const core = yield* rescueAll(room.searcher, required(bank), start, {
        stage,
        keptShare: recipe.refineShare,
        share: recipe.turnSearchShare,
        hits: recipe.turnHits,
        prior: priorOf(start),
        turned: true,
      });
      return { ...state, core };
    },
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

function required<Thing>(thing: Thing | null | undefined): Thing {
  if (thing === null || thing === undefined) throw new Error('a step of the recipe ran before what it needs');
  return thing;
}
