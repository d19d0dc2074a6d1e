import type { Matrix3 } from '../../geometry/matrix.ts';
import { bestShare, keep, meanOfBest, posesOf, type Alignment } from './alignment.ts';
import { allocateMaps, describePoses, type Described, type Describer } from './describe.ts';
import { applyGauge, driftGauge, shrinkAnisotropy } from './gauge.ts';
import type { AlignFamily } from './generators.ts';
import { createLattice, stepTowards, type Lattice } from './lucas-kanade.ts';
import { kinMeans } from './kin.ts';
import { hasPins, holdPins, pinGauge } from './pins.ts';
import { isSane } from './sanity.ts';
import { shownPoses } from './shown-poses.ts';
import { cellWeights, dotScore, gaussianWindow, meanWithout, sumKept } from './template.ts';
import type { View } from './views.ts';
import { progress, type Work } from './work.ts';

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

/** One joint iteration: every image takes a step towards the mean of the kept others; scores are those before it. */
export async function refineOnce(
  { describer, stage, lattice, memory }: Workplace,
  views: readonly View[],
  state: Alignment,
  kept: readonly boolean[],
  withRotation: boolean,
): Promise<Alignment> {
  const described = await describePoses(describer, posesOf(views, state), stage.cells, stage.zoom, memory);
  const { channels, cells } = described;
  const sums = sumKept(described, kept);
  const plain = new Float32Array(channels * cells * cells);
  const kin =
    stage.kin === true ? await kinMeans(described, kept, lattice.window, scoreFloor, describer.runtime ?? {}) : null;
  const scores: number[] = [];
  const warps = state.warps.map((warp, n) => {
    const mean = kin === null ? plain : kin.subarray(n * plain.length, (n + 1) * plain.length);
    if (kin === null) meanWithout(sums, n, plain);
    const weight = cellWeights(mean, channels, lattice.window, scoreFloor);
    scores.push(dotScore(mean, weight, described.maps, n * channels * cells * cells, channels));
    return safeStep(lattice, mean, described, n, warp, stage.shrink);
  });
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
