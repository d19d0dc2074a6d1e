import type { Wanted } from './bank.ts';
import type { AlignFamily } from './generators.ts';
import type { RefineStage } from './refine.ts';
import type { Prior } from './search.ts';

/** Cells along a side of the maps that are searched, and how far they are shifted. */
export const searchCells = 24;
export const searchReach = 5;
/** Every how many cells the coarse search of anchors shifts. */
export const coarseStep = 2;
/** Most channels that take part in searches. */
export const searchChannels = 48;

/** Cells along a side of the maps that Lucas-Kanade refines on. */
const refineCells = 32;
/** The same while rival poses compete: they show three quarters of the window. */
const rescueCells = 24;

/** Entries of each image that stay in the bank after its first search in a step. */
export const leadingCount = 40;

/** Most images that learn together; all others are aligned to what these agreed on. */
export const coreLimit = 60;
/** Images on which anchors are compared and candidates grow. */
export const trialLimit = 36;
/** Single images tried as first templates, and how many of them grow into candidates. */
export const anchorCount = 8;
export const candidateCount = 3;
/** Shares of the images that make the template in each round of a candidate, then in the rounds of the winner. */
export const growShares = [0.4, 0.6, 0.8] as const;
export const settleShares = [0.8, 0.8] as const;
/** Joint Lucas-Kanade iterations after each search, so that templates are sharper than the search grid. */
export const polishIterations = 2;
/** Share of the images that make the template while refining. */
export const refineShare = 0.8;
/** Which share of the images (the worst) is searched again with the refined template, round by round. */
export const rescueShares = [1, 0.5] as const;
/** The same between the last stages. */
export const lateRescueShare = 0.35;
/** Hits tried for each image, and how many rivals remain after the first iterations. */
export const rescueHits: Wanted = { count: 3, apart: 0.7, least: 0 };
/**
 * The same where every image is tried the other way up, for this share of the images (the worst): the template is at its
 * sharpest then, and the true pose may be a low peak beside higher ones.
 */
export const turnHits: Wanted = { count: 10, apart: 0.3, least: 0.7 };
export const turnSearchShare = 0.5;
export const rescueFinalists = 2;
export const rescueHeats = 2;

/** The weak prior of the search: scale and shift near those of the whole image, rotation free. */
export const weakPrior: Prior = { strength: 0.01, rotation: null, rotationMean: 0, logScale: 0.5, shift: 0.4 };

/** The polishing step between searches. */
export function polishStage(family: AlignFamily): RefineStage {
  return { family: rigid(family), iterations: 1, cells: searchCells, zoom: 1, sigma: 0.4, shrink: 0 };
}

/** The stage right after the search. */
export function firstStage(family: AlignFamily): RefineStage {
  return { family: rigid(family), iterations: 10, cells: refineCells, zoom: 1, sigma: 0.4, shrink: 0 };
}

/** The window in which the hits of a rescue are refined and compared. */
export function rescueStage(family: AlignFamily): RefineStage {
  return { family: rigid(family), iterations: 6, cells: rescueCells, zoom: 0.75, sigma: 0.55, shrink: 0 };
}

/** The window, that of the last stage, in which every image is tried the other way up. */
export function turnStage(family: AlignFamily): RefineStage {
  return { ...lastStages(family)[1], iterations: 5, cells: rescueCells };
}

/** The very last stage: each image follows those that are like it. */
export function kinStage(family: AlignFamily): RefineStage {
  const stages = lastStages(family);
  return { ...stages[stages.length - 1], iterations: 6, kin: true };
}

/** Share of the images, and how often it is chosen anew, with which all are compared at the end. */
export const judgeShare = 0.6;
export const judgeRounds = 4;

/** The fine window in which images are judged at the end: detail tells members of the kind from look-alikes. */
export function judgeStage(family: AlignFamily): RefineStage {
  return { family: rigid(family), iterations: 0, cells: 64, zoom: 0.75, sigma: 0.55, shrink: 0 };
}

/** The stages after the rescue, from stiff to free. */
export function lastStages(family: AlignFamily): RefineStage[] {
  const stages: RefineStage[] = [
    { family: rigid(family), iterations: 9, cells: refineCells, zoom: 0.7, sigma: 0.6, shrink: 0 },
    { family: linear(family), iterations: 10, cells: refineCells, zoom: 0.6, sigma: 0.7, shrink: 0.05 },
  ];
  if (family === 'projective')
    stages.push({ family, iterations: 8, cells: refineCells, zoom: 0.6, sigma: 0.7, shrink: 0 });
  return stages;
}

function rigid(family: AlignFamily): AlignFamily {
  return family === 'affine' || family === 'projective' ? 'similarity' : family;
}

function linear(family: AlignFamily): AlignFamily {
  return family === 'projective' ? 'affine' : family;
}
