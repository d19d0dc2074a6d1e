import type { Random } from '../../geometry/random.ts';
import {
  addWindow,
  type Correlator,
  createCorrelator,
  energyOf,
  padMaps,
  type PaddedMaps,
  windowEnergies,
} from './correlate.ts';
import type { ProgressEvent } from '../event.ts';
import { translate } from '../translate.ts';
import { createScaleSearch, type ScaledHit, type ScaleResult } from './scale-search.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { levelSides, type WorkMaps, workSide } from './work-maps.ts';

/** Rows and columns of the window, in cells; about half of the work frame. */
export const searchWindow = 22;
/** Cells by which a window may stick out of the frame. */
const searchRim = 6;

const seeds = 48;
const subset = 40;
const survivors = 8;
const seedRounds = 3;
const fullRounds = 7;
const energetic = 0.3;

/** The pattern that a set of images shares, and where it is in each. */
export interface SharedPattern {
  /** `[channels, window, window]`. */
  readonly prototype: Float32Array;
  readonly window: number;
  readonly rim: number;
  /** Place, size and likeness of the pattern in every image. */
  readonly hits: readonly ScaledHit[];
  /** Mean over the images of 2 <x, P> - |P|^2, at one size. */
  readonly gain: number;
  /** Gains of all surviving starts, best first. */
  readonly gains: readonly number[];
  /** Whether the objects differ in size. */
  readonly scaled: boolean;
  /** Standard deviation of the logarithm of their sizes. */
  readonly spread: number;
  /** Weight of the prior on sizes, per squared logarithm. */
  readonly prior: number;
}

interface Round {
  readonly places: readonly Int32Array[];
  readonly gains: readonly number[];
  readonly means: readonly Float32Array[];
}

/**
 * Searches the pattern that explains most energy over a set: a prototype P and a window x of each image that maximise
 * the sum of 2 <x, P> - |P|^2, from many starts; then, by likeness over seven sizes, how objects differ in size.
 */
export async function* searchPattern(
  maps: WorkMaps,
  random: Random,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<ProgressEvent, SharedPattern> {
  const base = maps.levels[levelSides.indexOf(workSide)];
  const correlator = createCorrelator(base.channels, searchWindow, options);
  const total = seedRounds + fullRounds + 8;
  let done = 0;
  const still = (): ProgressEvent => ({ kind: 'progress', phase: 'search', done, total });
  const onward = (): ProgressEvent => ({ kind: 'progress', phase: 'search', done: ++done, total });
  const roundOf = (on: PaddedMaps, from: readonly Float32Array[]): AsyncGenerator<ProgressEvent, Round> =>
    translate(runRound(correlator, on, from), () => [still()]);
  try {
    const chosen = random.shuffle(Array.from({ length: maps.count }, (_, i) => i)).slice(0, subset);
    const some = padMaps(base, maps.count, searchRim, chosen);
    let prototypes: readonly Float32Array[] = drawSeeds(some, windowEnergies(some, searchWindow), random);
    let round: Round | undefined;
    for (let i = 0; i < seedRounds; i++) {
      round = yield* roundOf(some, prototypes);
      prototypes = round.means;
      yield onward();
    }
    prototypes = best(prototypes, round?.gains ?? [], survivors);
    const all = padMaps(base, maps.count, searchRim);
    let last = yield* roundOf(all, prototypes);
    for (let i = 1; i < fullRounds; i++) {
      prototypes = last.means;
      last = yield* roundOf(all, prototypes);
      yield onward();
    }
    const order = Array.from(last.gains.keys()).sort((a, b) => last.gains[b] - last.gains[a]);
    const [top] = order;
    const search = createScaleSearch(maps, correlator, searchRim);
    const fixed = search.fixed(prototypes[top], last.places[top]);
    const several = order.slice(0, 3).map((i) => prototypes[i]);
    let scaled: ScaleResult | undefined;
    for await (const step of search.run(several, chosen)) {
      if (step) scaled = step.spread > 0 ? step : undefined;
      yield step ? onward() : still();
    }

    return {
      prototype: scaled?.prototype ?? prototypes[top],
      window: searchWindow,
      rim: searchRim,
      hits: scaled?.hits ?? fixed,
      gain: last.gains[top],
      gains: order.map((i) => last.gains[i]),
      scaled: scaled !== undefined,
      spread: scaled?.spread ?? 0,
      prior: scaled?.prior ?? 0,
    };
  } finally {
    await correlator.dispose();
  }
}

function best<Item>(items: readonly Item[], scores: readonly number[], count: number): Item[] {
  const order = items.map((_, i) => i).sort((a, b) => scores[b] - scores[a]);
  return order.slice(0, count).map((i) => items[i]);
}

function drawSeeds(maps: PaddedMaps, energies: Float32Array, random: Random): Float32Array[] {
  const places = (maps.cells - searchWindow + 1) ** 2;
  const rich = Math.max(1, Math.floor(energetic * places));
  return Array.from({ length: seeds }, (_, seed) => {
    const index = seed % maps.count;
    const energy = energies.subarray(index * places, (index + 1) * places);
    const order = Array.from(energy.keys()).sort((a, b) => energy[b] - energy[a]);
    const prototype = new Float32Array(maps.channels * searchWindow ** 2);
    addWindow(maps, index, order[random.integer(rich)], searchWindow, prototype, 1);
    return prototype;
  });
}

async function* runRound(
  correlator: Correlator,
  maps: PaddedMaps,
  prototypes: readonly Float32Array[],
): AsyncGenerator<undefined, Round> {
  const { window } = correlator;
  const size = (maps.cells - window + 1) ** 2;
  const scores = yield* correlator.correlate(maps, prototypes);
  const places = prototypes.map(() => new Int32Array(maps.count));
  const gains = prototypes.map((prototype) => -energyOf(prototype));
  const means = prototypes.map((prototype) => new Float32Array(prototype.length));
  for (let n = 0; n < maps.count; n++)
    for (let k = 0; k < prototypes.length; k++) {
      const from = (n * prototypes.length + k) * size;
      let at = 0;
      for (let i = 1; i < size; i++) if (scores[from + i] > scores[from + at]) at = i;
      places[k][n] = at;
      gains[k] += (2 * scores[from + at]) / maps.count;
      addWindow(maps, n, at, window, means[k], 1 / maps.count);
    }
  return { places, gains, means };
}
