import type { Matrix3 } from '../../geometry/matrix.ts';
import { bestShare, keep, meanOfBest, posesOf, type Alignment } from './alignment.ts';
import { alone, type Task } from '../crew/crew.ts';
import { inSharedMemory } from '../crew/shared.ts';
import { allocateMaps, describePoses, type Described, type Describer } from './describe.ts';
import { applyGauge, driftGauge, shrinkAnisotropy } from './gauge.ts';
import type { AlignFamily } from './generators.ts';
import { createLattice, stepTowards, type Lattice } from './lucas-kanade.ts';
import { kinMeans } from './kin.ts';
import { hasPins, holdPins, pinGauge } from './pins.ts';
import { isSane } from './sanity.ts';
import { shownPoses } from './shown-poses.ts';
import { cellWeights, dotScore, gaussianWindow, meansOf, sumKept, type Means } from './template.ts';
import type { View } from './views.ts';
import { allPieces, progress, type Work } from './work.ts';

/** One stage of joint Lucas-Kanade refinement. */
export interface RefineStage {
  readonly family: AlignFamily;
  readonly iterations: number;
  readonly cells: number;
  /** Half-size of the canonical window and standard deviation of the Gaussian in it. */
  readonly zoom: number;
  readonly sigma: number;
  /** Share of log-anisotropy taken back after each step. */
  readonly shrink: number;
  /** Whether each image follows the others that are like it rather than the plain mean. */
  readonly kin?: boolean;
}

/** A stage ends early when an iteration after the first few raises the mean similarity by less than this. */
const leastGain = 4e-4;
const fewestIterations = 3;

/** Floor of the cell weights in scores. */
export const scoreFloor = 0.2;

/** The lattice of a stage for maps of so many channels. */
export function latticeOf(stage: RefineStage, channels: number): Lattice {
  return createLattice(stage.family, stage.cells, channels, stage.zoom, gaussianWindow(stage.cells, stage.sigma));
}

/** A step of one image; where it fails or leaves what a warp can be, the last good warp stays. */
export function safeStep(
  lattice: Lattice,
  template: Float32Array,
  described: { readonly maps: Float32Array; readonly masks: Float32Array },
  n: number,
  warp: Matrix3,
  shrink: number,
): Matrix3 {
  const plane = lattice.cells * lattice.cells;
  const next = stepTowards(
    lattice,
    template,
    described.maps,
    n * lattice.channels * plane,
    described.masks,
    n * plane,
    warp,
  );
  if (next === null) return warp;
  const held = shrink > 0 ? shrinkAnisotropy(next, shrink) : next;
  return isSane(held) ? held : warp;
}

/** What the iterations of a stage share. */
export interface Workplace {
  readonly describer: Describer;
  readonly stage: RefineStage;
  readonly lattice: Lattice;
  /** Where each iteration's maps are written. */
  readonly memory: Described;
}

/** Prepares a stage for `count` poses at a time. */
export function workplaceOf(describer: Describer, count: number, stage: RefineStage): Workplace {
  const lattice = latticeOf(stage, describer.projection.components);
  return { describer, stage, lattice, memory: allocateMaps(describer, count, stage.cells) };
}

/** Members from place `from` on that take a step, or are only scored. */
interface StepOrder {
  readonly from: number;
  readonly warps: readonly Matrix3[];
  readonly stays: boolean;
  readonly described: Described;
  readonly stage: RefineStage;
  readonly means: Means;
}

type Stepped = Pick<Alignment, 'warps' | 'scores'>;

/** Scores some members and lets each take a step. */
export const stepping: Task<unknown, StepOrder, Stepped> = {
  name: 'step',
  run: (_, { from, warps, stays, described, stage, means }) => {
    const { channels, maps } = described;
    const lattice = latticeOf(stage, channels);
    const length = channels * stage.cells * stage.cells;
    const memory = new Float32Array(length);
    const scores: number[] = [];
    const moved = warps.map((warp, k) => {
      const mean = meansOf(means, from + k, memory);
      const weight = cellWeights(mean, channels, lattice.window, scoreFloor);
      scores.push(dotScore(mean, weight, maps, (from + k) * length, channels));
      return stays ? warp : safeStep(lattice, mean, described, from + k, warp, stage.shrink);
    });
    return Promise.resolve({ warps: moved, scores });
  },
};

/** Pieces into which the members of a set are parted, for each of those who work on them. */
const parts = 2;

/** Scores all members of a set against their means and, unless they are to stay, lets each take a step. */
export async function stepMembers(
  describer: Describer,
  described: Described,
  stage: RefineStage,
  means: Means,
  warps: readonly Matrix3[],
  stays = false,
): Promise<Stepped> {
  const { crew = alone({ describer }), signal } = describer;
  const each = Math.ceil(warps.length / (parts * crew.size));
  const steps = await allPieces(crew, signal, stepping, Math.ceil(warps.length / each), (n) => {
    const from = n * each;
    return { from, warps: warps.slice(from, from + each), stays, described, stage, means };
  });
  return { warps: steps.flatMap((step) => step.warps), scores: steps.flatMap((step) => step.scores) };
}

/** One joint iteration: every image takes a step towards the mean of the kept others; scores are those before it. */
export async function refineOnce(
  { describer, stage, lattice, memory }: Workplace,
  views: readonly View[],
  state: Alignment,
  kept: readonly boolean[],
  withRotation: boolean,
): Promise<Alignment> {
  const described = await describePoses(describer, posesOf(views, state), stage.cells, stage.zoom, memory);
  const means =
    stage.kin === true
      ? { own: inSharedMemory(await kinMeans(described, kept, lattice.window, scoreFloor, describer.runtime ?? {})) }
      : { others: sumKept(described, kept) };
  const { warps, scores } = await stepMembers(describer, described, stage, means, state.warps);
  const gauge = hasPins(views)
    ? pinGauge(views, warps)
    : driftGauge(keep(state.warps, kept), keep(warps, kept), withRotation);
  return holdPins(views, { warps: applyGauge(warps, gauge), mirrored: state.mirrored, scores });
}

/** A whole stage; adds the mean similarity before each iteration to `history`. */
export async function* refineAll(
  describer: Describer,
  views: readonly View[],
  start: Alignment,
  stage: RefineStage,
  share: number,
  withRotation: boolean,
  history: number[],
): Work<Alignment> {
  const kept = bestShare(start.scores, share);
  const workplace = workplaceOf(describer, views.length, stage);
  let state = start;
  let previous = -Infinity;
  for (let i = 0; i < stage.iterations; i++) {
    state = await refineOnce(workplace, views, state, kept, withRotation);
    history.push(meanOfBest(state.scores, 1));
    const gain = history[history.length - 1] - previous;
    previous = history[history.length - 1];
    yield progress('refine', i + 1, stage.iterations, 1 - previous);
    yield shownPoses('refine', views, state);
    if (i >= fewestIterations && gain < leastGain) break;
  }
  return state;
}
