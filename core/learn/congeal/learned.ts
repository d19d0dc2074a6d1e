import type { Projection } from '../../features/feature-maps.ts';
import { chain, identity3, invert, multiply, type Matrix3 } from '../../geometry/matrix.ts';
import { bestShare, posesOf, type Alignment } from './alignment.ts';
import { describePoses, type Described, type Describer, type Pose } from './describe.ts';
import { searchFloor, searchSigma } from './em.ts';
import { normalise } from './gauge.ts';
import type { AlignFamily } from './generators.ts';
import * as recipe from './recipe.ts';
import { latticeOf, safeStep, scoreFloor, stepMembers, type RefineStage } from './refine.ts';
import type { Prior } from './search.ts';
import { cellWeights, dotScore, gaussianWindow, sumKept, templateOf, type Template } from './template.ts';
import { flip, type View } from './views.ts';
import { progress, type Work } from './work.ts';

/** What a set agreed on, seen through one window: a template and the stage it belongs to. */
export interface WindowTemplate {
  readonly template: Template;
  readonly stage: RefineStage;
}

/** Everything that new images need to join an aligned set. */
export interface LearnedTemplate {
  readonly extractor: string;
  readonly projection: Projection;
  readonly family: AlignFamily;
  readonly mirror: boolean;
  readonly prior: Prior;
  /** Takes canonical points of the result to the frame in which the templates were learned. */
  readonly frame: Matrix3;
  /** True when the result shows the set mirrored against the frame in which it was learned. */
  readonly toggled: boolean;
  /** The wide template of the search. */
  readonly search: Template;
  /** The template in which rival poses compete. */
  readonly rescue: WindowTemplate;
  /** The templates of the last stages, from stiff to free. */
  readonly stages: readonly WindowTemplate[];
  /** The fine template that gives the final score. */
  readonly judge: WindowTemplate;
}

/** How often learning the templates and judging the members tells how far it has come. */
const judgeSteps = 3 + recipe.judgeRounds;

/** Learns the templates of an aligned set, and how well each member fits them in the end. */
export async function* learnTemplate(
  describer: Describer,
  views: readonly View[],
  alignment: Alignment,
  family: AlignFamily,
  mirror: boolean,
  prior: Prior,
): Work<{ readonly learned: LearnedTemplate; readonly scores: readonly number[] }> {
  const kept = bestShare(alignment.scores, recipe.refineShare);
  const poses = posesOf(views, alignment);
  const at = async (cells: number, zoom: number, sigma: number, floor: number): Promise<Template> =>
    templateOf(sumKept(await describePoses(describer, poses, cells, zoom), kept), sigma, floor);
  const search = await at(recipe.searchCells, recipe.firstStage(family).zoom, searchSigma, searchFloor);
  const window = async (stage: RefineStage): Promise<WindowTemplate> => ({
    stage,
    template: await at(stage.cells, stage.zoom, stage.sigma, scoreFloor),
  });
  const rescue = await window(recipe.rescueStage(family));
  yield progress('judge', 1, judgeSteps);
  const stages = [];
  for (const stage of recipe.lastStages(family)) stages.push(await window(stage));
  yield progress('judge', 2, judgeSteps);
  const stage = recipe.judgeStage(family);
  const fine = await describePoses(describer, poses, stage.cells, stage.zoom);
  const judge = { stage, template: templateOf(sumKept(fine, kept), stage.sigma, scoreFloor) };
  yield progress('judge', 3, judgeSteps);
  const scores = yield* judgeMembers(describer, fine, kept, stage, alignment.warps);
  const { extractor, projection } = describer;
  const learned = {
    extractor: extractor.name,
    projection,
    family,
    mirror,
    prior,
    frame: identity3,
    toggled: false,
    search,
    rescue,
    stages,
    judge,
  };
  return { learned, scores };
}

/**
 * Refines poses of images against a learned template, each on its own: Lucas-Kanade through the template's last stages.
 *
 * `poses` hold warps from the result's canonical frame to the search frame. `iterations` are shared out among the stages
 * (by default 14 in all). Returns warps in the same frame and the dot score of each.
 */
export async function refineAgainstTemplate(
  describer: Describer,
  learned: LearnedTemplate,
  poses: readonly Pose[],
  iterations = 14,
): Promise<Alignment> {
  const { stages, toggled } = learned;
  const sides = poses.map((pose) => pose.mirrored !== toggled);
  let warps = poses.map((pose) => toLearning(learned, pose.warp));
  const describe = (stage: RefineStage): ReturnType<typeof describePoses> =>
    describePoses(
      describer,
      poses.map((pose, n) => ({ view: pose.view, mirrored: sides[n], warp: warps[n] })),
      stage.cells,
      stage.zoom,
    );
  for (const [k, { template, stage }] of stages.entries()) {
    const count = Math.floor((iterations * (k + 1)) / stages.length) - Math.floor((iterations * k) / stages.length);
    const lattice = latticeOf(stage, template.channels);
    for (let i = 0; i < count; i++) {
      const described = await describe(stage);
      warps = warps.map((warp, n) => safeStep(lattice, template.maps, described, n, warp, stage.shrink));
    }
  }
  const { stage, template } = learned.judge;
  const described = await describe(stage);
  const length = template.maps.length;
  const weight = cellWeights(template.maps, template.channels, gaussianWindow(stage.cells, stage.sigma), scoreFloor);
  const scores = poses.map((_, n) => dotScore(template.maps, weight, described.maps, n * length, template.channels));
  return {
    warps: warps.map((warp) => fromLearning(learned, warp)),
    mirrored: poses.map((pose) => pose.mirrored),
    scores,
  };
}

/**
 * The final score of each member of the set: against the mean of the best others, in the fine window. Those are chosen
 * anew by these scores a few times, so that strangers drop out of the mean.
 */
async function* judgeMembers(
  describer: Describer,
  described: Described,
  start: readonly boolean[],
  stage: RefineStage,
  warps: readonly Matrix3[],
): Work<readonly number[]> {
  let kept = start;
  let scores: readonly number[] = [];
  for (let round = 0; round < recipe.judgeRounds; round++) {
    const means = { others: sumKept(described, kept) };
    scores = (await stepMembers(describer, described, stage, means, warps, true)).scores;
    kept = bestShare(scores, recipe.judgeShare);
    yield progress('judge', 4 + round, judgeSteps);
  }
  return scores;
}

/** A warp of the result's canonical frame seen from the learning frame; the mirroring changes with `toggled`. */
function toLearning({ frame, toggled }: LearnedTemplate, warp: Matrix3): Matrix3 {
  return normalise(toggled ? chain(flip, warp, flip, invert(frame)) : multiply(warp, invert(frame)));
}

/** A warp of the learning frame seen from the result's canonical frame; the inverse of `toLearning`. */
export function fromLearning({ frame, toggled }: LearnedTemplate, warp: Matrix3): Matrix3 {
  return normalise(toggled ? chain(flip, warp, frame, flip) : multiply(warp, frame));
}
