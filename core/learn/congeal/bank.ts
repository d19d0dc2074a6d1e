import { describePoses, type Describer } from './describe.ts';
import { bestHit, entryWarp, wrap, type Hit, type Prior, type SearchGrid } from './search.ts';
import { readPose } from './gauge.ts';
import { bankScale, bankZero, type Correlator } from './correlator.ts';
import type { View } from './views.ts';
import { eachOf, type Work } from './work.ts';

/** All that a search over rotations, scales and shifts needs. */
export interface Searcher {
  readonly describer: Describer;
  readonly correlator: Correlator;
  readonly grid: SearchGrid;
  readonly cells: number;
  /** How many of the maps' channels take part, the most telling ones first. */
  readonly channels: number;
}

/** Images and, for each, its maps at grid entries: `[entries, channels, cells, cells]`, coarse. */
export interface Bank {
  readonly views: readonly View[];
  readonly maps: readonly Uint8Array[];
  /** For each image the places in the grid of the entries that it has; by default all. */
  readonly places?: readonly (readonly number[])[];
}

/** Describes one image at every entry of the grid: `[entries, channels, cells, cells]` for the correlator. */
export async function describeEntries(searcher: Searcher, view: View): Promise<Uint8Array> {
  const poses = searcher.grid.entries.map(({ rotation, logScale, mirrored }) => ({
    view,
    warp: entryWarp(rotation, logScale, 0, 0),
    mirrored,
  }));
  const { maps, channels, cells } = await describePoses(searcher.describer, poses, searcher.cells, 1);
  const length = searcher.channels * cells * cells;
  const coarse = new Uint8Array(poses.length * length);
  for (let e = 0; e < poses.length; e++) {
    const from = e * channels * cells * cells;
    const to = e * length;
    for (let i = 0; i < length; i++) coarse[to + i] = maps[from + i] * bankScale + bankZero + 0.5;
  }
  return coarse;
}

/** Fills a bank; components of unit vectors fit into 8 bits with an error far below that of the grid. */
export async function* fillBank(searcher: Searcher, views: readonly View[]): Work<Bank> {
  const maps = yield* eachOf('bank', views.length, 1, searcher.describer.signal, (n) =>
    describeEntries(searcher, views[n]),
  );
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
    return part;
  });
  return { views: bank.views, maps, places };
}

/** Scores `[entries, side, side]` of image `n` of a bank at every shift; -Infinity at entries that it has not. */
export async function correlateImage(
  { correlator, grid }: Searcher,
  bank: Bank,
  n: number,
  template: Float32Array,
): Promise<Float32Array> {
  const places = bank.places?.[n];
  if (places === undefined) return correlator.correlate(template, 1, bank.maps[n], grid.entries.length);
  const scores = await correlator.correlate(template, 1, bank.maps[n], places.length);
  const shifts = scores.length / places.length;
  const all = new Float32Array(grid.entries.length * shifts).fill(-Infinity);
  places.forEach((place, k) => all.set(scores.subarray(k * shifts, (k + 1) * shifts), place * shifts));
  return all;
}

/** The `count` entries with the highest peaks in a table of scores, in the order of the grid. */
export function leadingEntries({ grid }: Searcher, scores: Float32Array, count: number): number[] {
  const shifts = scores.length / grid.entries.length;
  const peaks = grid.entries.map((_, e) =>
    scores.subarray(e * shifts, (e + 1) * shifts).reduce((a, b) => Math.max(a, b)),
  );
  const order = peaks.map((_, e) => e).sort((a, b) => peaks[b] - peaks[a] || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
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

/** Rotations closer than this (radians) belong to one hit. */
const apart = 0.7;

/** The best `count` poses of one image for a scaled template, each with a rotation (or mirroring) of its own. */
export async function searchImage(
  searcher: Searcher,
  entries: Uint8Array,
  template: Float32Array,
  prior: Prior,
  count = 1,
): Promise<Hit[]> {
  const scores = await searcher.correlator.correlate(template, 1, entries, searcher.grid.entries.length);
  return hitsIn(searcher, scores, prior, count);
}

/** The best `count` poses in a table of scores, each with a rotation (or mirroring) of its own. */
export function hitsIn({ correlator, grid, cells }: Searcher, scores: Float32Array, prior: Prior, count = 1): Hit[] {
  const hits: Hit[] = [];
  while (hits.length < count) {
    const hit = bestHit(grid, scores, 0, correlator.reach, cells, prior, (entry) =>
      hits.every(
        (known) =>
          known.mirrored !== entry.mirrored || Math.abs(wrap(entry.rotation - readPose(known.warp).rotation)) > apart,
      ),
    );
    if (hit === null) break;
    hits.push(hit);
  }
  return hits;
}
