import type { FeatureExtractor } from '../../features/feature-maps.ts';
import { alone, type Crew, type Task } from '../crew/crew.ts';
import { sharedCopy } from '../crew/shared.ts';
import { allocateMaps, describePoses, describeTurns, type Describer, type Pose } from './describe.ts';
import { bestHit, entryWarp, wrap, type Hit, type Prior, type SearchGrid } from './search.ts';
import { readPose } from './gauge.ts';
import { coarsen, type Correlator } from './correlator.ts';
import type { View } from './views.ts';
import { piecesOf, type Work } from './work.ts';

/** All that a search over rotations, scales and shifts needs. */
export interface SearchTools {
  readonly describer: Describer;
  readonly correlator: Correlator;
  /** The same at fewer shifts. */
  readonly coarse: Correlator;
  readonly grid: SearchGrid;
  readonly cells: number;
  /** How many of the maps' channels take part, the most telling ones first. */
  readonly channels: number;
}

/** The same with those who search. */
export interface Searcher extends SearchTools {
  /** By default this thread. */
  readonly crew?: Crew<SearchTools>;
}

/** Those who search. */
export function crewOf(searcher: Searcher): Crew<SearchTools> {
  return searcher.crew ?? alone(searcher);
}

/** Images and, for each, its maps at grid entries: `[entries, channels, cells, cells]`, coarse. */
export interface Bank {
  readonly views: readonly View[];
  readonly maps: readonly Uint8Array[];
  /** For each image the places in the grid of the entries that it has; by default all. */
  readonly places?: readonly (readonly number[])[];
}

/** Poses whose maps are held before they become entries of a bank. */
const describedTogether = 24;

/** Describes one image at every entry of the grid: `[entries, channels, cells, cells]` for the correlator. */
export async function describeEntries(searcher: SearchTools, view: View): Promise<Uint8Array> {
  const { extractor } = searcher.describer;
  if (extractor.projectTurns !== undefined && searcher.grid.closed && searcher.grid.turns.length % 4 === 0)
    return describeQuarter(searcher, view, extractor.projectTurns);
  const poses = searcher.grid.entries.map(({ rotation, logScale, mirrored }) => ({
    view,
    warp: entryWarp(rotation, logScale, 0, 0),
    mirrored,
  }));
  return describeCoarse(searcher, poses);
}

/** The same from the first quarter of a full circle: the other three are turns of it. */
async function describeQuarter(
  searcher: SearchTools,
  view: View,
  turns: NonNullable<FeatureExtractor['projectTurns']>,
): Promise<Uint8Array> {
  const { describer, grid, cells, channels } = searcher;
  const quarter = grid.turns.length / 4;
  const length = channels * cells * cells;
  const coarse = new Uint8Array(grid.entries.length * length);
  const first = grid.entries.flatMap((entry, place) => (entry.turn < quarter ? [{ ...entry, place }] : []));
  const poses = first.map(({ rotation, logScale, mirrored, place }) => {
    return { view, warp: entryWarp(rotation, logScale, 0, 0), mirrored, place };
  });
  for await (const { chosen, part } of describeTurns(describer, turns, poses, cells)) {
    for (let n = 0; n < part.count; n++) {
      const turn = Math.floor(n / chosen.length);
      const place = chosen[n % chosen.length].place + turn * quarter * grid.logScales.length;
      coarsen(part.maps, n * part.channels * cells * cells, coarse, place * length, length);
    }
  }
  return coarse;
}

/** Describes poses as entries of a bank: `[poses, channels, cells, cells]`. */
export async function describeCoarse(searcher: SearchTools, poses: readonly Pose[]): Promise<Uint8Array> {
  const { describer, cells, channels } = searcher;
  const length = channels * cells * cells;
  const coarse = new Uint8Array(poses.length * length);
  const memory = allocateMaps(describer, Math.min(poses.length, describedTogether), cells);
  for (let start = 0; start < poses.length; start += describedTogether) {
    const part = await describePoses(describer, poses.slice(start, start + describedTogether), cells, 1, memory);
    for (let n = 0; n < part.count; n++)
      coarsen(part.maps, n * part.channels * cells * cells, coarse, (start + n) * length, length);
  }
  return coarse;
}

/** Describes an image at every entry of the grid. */
export const filling: Task<SearchTools, View, Uint8Array> = {
  name: 'fill',
  run: async (tools, view) => sharedCopy(await describeEntries(tools, view)),
};

/** Fills a bank; components of unit vectors fit into 8 bits with an error far below that of the grid. */
export async function* fillBank(searcher: Searcher, views: readonly View[]): Work<Bank> {
  const { signal } = searcher.describer;
  const maps = yield* piecesOf('bank', crewOf(searcher), signal, filling, views.length, (n) => views[n]);
  return { views, maps };
}

/** The images of a bank with the given places. */
export function partOfBank(bank: Bank, places: readonly number[]): Bank {
  return { views: places.map((n) => bank.views[n]), maps: places.map((n) => bank.maps[n]) };
}

/** The bank with only the given entries of each image: later searches for much the same template need no others. */
export function narrowBank(searcher: Searcher, bank: Bank, places: readonly (readonly number[])[]): Bank {
  const length = searcher.channels * searcher.cells * searcher.cells;
  const maps = bank.maps.map((all, n) => {
    const part = new Uint8Array(places[n].length * length);
    places[n].forEach((place, k) => part.set(all.subarray(place * length, (place + 1) * length), k * length));
    return sharedCopy(part);
  });
  return { views: bank.views, maps, places };
}

/** Scores `[entries, side, side]` of an image at every shift; -Infinity at entries that it has not. */
async function correlateImage(
  { correlator, grid }: SearchTools,
  { entries, places, template }: SearchOrder,
): Promise<Float32Array> {
  if (places === undefined) return correlator.correlate(template, 1, entries, grid.entries.length);
  const scores = await correlator.correlate(template, 1, entries, places.length);
  const shifts = scores.length / places.length;
  const all = new Float32Array(grid.entries.length * shifts).fill(-Infinity);
  places.forEach((place, k) => all.set(scores.subarray(k * shifts, (k + 1) * shifts), place * shifts));
  return all;
}

/** The `count` entries with the highest peaks in a table of scores, in the order of the grid. */
function leadingEntries({ grid }: SearchTools, scores: Float32Array, count: number): number[] {
  const shifts = scores.length / grid.entries.length;
  const peaks = grid.entries.map(() => -Infinity);
  for (let i = 0; i < scores.length; i++) {
    const e = Math.floor(i / shifts);
    if (scores[i] > peaks[e]) peaks[e] = scores[i];
  }
  const order = peaks.map((_, e) => e).sort((a, b) => peaks[b] - peaks[a] || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}

/**
 * How far a score stands out from a table of scores, in standard deviations: a template that says little matches
 * everywhere, one that shows the object matches in few poses.
 */
export function prominenceIn(scores: Float32Array, score: number): number {
  let [sum, squares, count] = [0, 0, 0];
  for (const value of scores) {
    if (value === -Infinity) continue;
    sum += value;
    squares += value * value;
    count++;
  }
  const mean = sum / count;
  return (score - mean) / Math.sqrt(Math.max(squares / count - mean * mean, 1e-12));
}

/** A template ready for correlation: W T / sqrt(sum W |T|^2). */
export function scaledTemplate(maps: Float32Array, weight: Float32Array): Float32Array {
  const plane = weight.length;
  const scaled = new Float32Array(maps.length);
  let norm = 0;
  for (let i = 0; i < maps.length; i++) norm += weight[i % plane] * maps[i] * maps[i];
  const factor = norm > 0 ? 1 / Math.sqrt(norm) : 0;
  for (let i = 0; i < maps.length; i++) scaled[i] = weight[i % plane] * maps[i] * factor;
  return scaled;
}

/** How many poses of an image are wanted. */
export interface Wanted {
  readonly count: number;
  /** Two whose rotations are closer than this (radians) are one. */
  readonly apart: number;
  /** The share of the best score that the others must reach. */
  readonly least: number;
}

/** The best pose alone. */
const theBest: Wanted = { count: 1, apart: Math.PI, least: 0 };

/** One image to be searched for a scaled template. */
export interface SearchOrder {
  readonly entries: Uint8Array;
  /** The places of its entries in the grid; by default it has all. */
  readonly places?: readonly number[] | undefined;
  readonly template: Float32Array;
  readonly prior: Prior;
  readonly wanted?: Wanted;
  /** How many of the best entries are to be named. */
  readonly leading?: number;
}

/** The best poses of one image, each with a rotation (or mirroring) of its own. */
export interface Searched {
  readonly hits: readonly Hit[];
  /** How far the best stands out from all scores. */
  readonly prominence: number;
  readonly leading: readonly number[];
}

/** Searches one image. */
export const searching: Task<SearchTools, SearchOrder, Searched> = {
  name: 'search',
  run: async (searcher, order) => {
    const scores = await correlateImage(searcher, order);
    const hits = hitsIn(searcher, scores, order.prior, order.wanted);
    const leading = order.leading === undefined ? [] : leadingEntries(searcher, scores, order.leading);
    return { hits, prominence: prominenceIn(scores, hits[0].score), leading };
  },
};

/** The best poses in a table of scores, each with a rotation (or mirroring) of its own. */
export function hitsIn(
  { correlator, grid, cells }: SearchTools,
  scores: Float32Array,
  prior: Prior,
  { count, apart, least } = theBest,
): Hit[] {
  const hits: Hit[] = [];
  while (hits.length < count) {
    const hit = bestHit(grid, scores, 0, correlator.shifts, cells, prior, (entry) =>
      hits.every(
        (known) =>
          known.mirrored !== entry.mirrored || Math.abs(wrap(entry.rotation - readPose(known.warp).rotation)) > apart,
      ),
    );
    if (hit === null || (hits.length > 0 && hit.score < least * hits[0].score)) break;
    hits.push(hit);
  }
  return hits;
}
