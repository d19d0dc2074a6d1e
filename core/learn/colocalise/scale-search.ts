import { addWindow, type Correlator, energyOf, padMaps, type PaddedMaps, windowEnergies } from './correlate.ts';
import { levelSides, type WorkMaps, workSide } from './work-maps.ts';

/** Where a pattern is in one image. */
export interface ScaledHit {
  /** Index into `levelSides`. */
  readonly level: number;
  /** Place of the window among the places of that level, row by row. */
  readonly place: number;
  /** Likeness of window and pattern, at most 1. */
  readonly likeness: number;
}

/** A pattern with hits at several sizes. */
export interface ScaleResult {
  readonly prototype: Float32Array;
  readonly hits: readonly ScaledHit[];
  /** Standard deviation of the logarithm of the objects' sizes; 0 when all are of one size. */
  readonly spread: number;
  /** Weight of the prior on sizes under which the hits were found, per squared logarithm. */
  readonly prior: number;
}

/** How much of the pattern's own length is added to a window's before dividing: quiet windows stay unlike. */
export const softness = 0.3;
/** Weight of the first prior on sizes, per squared logarithm. */
const startPrior = 0.3;
/** Noise of a likeness as a function of size: what turns a spread of sizes into the weight of the next prior. */
const noise = 0.0174;
const smallestVariance = 5e-4;
/** Penalty above which a size cannot win. */
export const hopeless = 0.3;
const roundsOnSome = 3;
const roundsOnAll = 4;

/** Likeness of a window of a given energy to a pattern of a given length. */
function likenessOf(product: number, energy: number, length: number): number {
  return product / (length * (Math.sqrt(Math.max(0, energy)) + softness * length) + 1e-12);
}

interface PreparedLevel {
  readonly maps: PaddedMaps;
  readonly energies: Float32Array;
}

/** Searches patterns over several sizes. */
export interface ScaleSearch {
  /** Likeness at given places of the fixed size. */
  fixed(prototype: Float32Array, places: Int32Array): ScaledHit[];
  /**
   * Improves patterns over all sizes, first on some images, then the best on all; the prior on sizes is re-estimated
   * from the spread found, so that it closes in on one size where there is only one. Yields a result after each round,
   * and nothing several times a second meanwhile.
   */
  run(prototypes: readonly Float32Array[], some: readonly number[]): AsyncGenerator<ScaleResult | undefined>;
}

/** Prepares a search over the levels of a set. */
export function createScaleSearch(maps: WorkMaps, correlator: Correlator, rim: number): ScaleSearch {
  const prepared = new Map<string, PreparedLevel>();
  const prepare = (level: number, some?: readonly number[]): PreparedLevel => {
    const key = `${level} ${some ? 'some' : 'all'}`;
    const known = prepared.get(key);
    if (known) return known;
    const padded = padMaps(maps.levels[level], maps.count, rim, some);
    const made = { maps: padded, energies: windowEnergies(padded, correlator.window) };
    prepared.set(key, made);
    return made;
  };
  return {
    fixed: (prototype, places) => {
      const level = levelSides.indexOf(workSide);
      const { maps: padded, energies } = prepare(level);
      const length = Math.sqrt(energyOf(prototype));
      const size = (padded.cells - correlator.window + 1) ** 2;
      const window = new Float32Array(prototype.length);
      return Array.from(places, (place, n) => {
        window.fill(0);
        addWindow(padded, n, place, correlator.window, window, 1);
        const product = window.reduce((sum, value, i) => sum + value * prototype[i], 0);
        return { level, place, likeness: likenessOf(product, energies[n * size + place], length) };
      });
    },
    run: async function* (starts, some) {
      let prior = startPrior;
      let patterns = [...starts];
      for (let round = 0; round < roundsOnSome + roundsOnAll; round++) {
        const onSome = round < roundsOnSome;
        const result = yield* scaleRound(
          correlator,
          (level) => prepare(level, onSome ? some : undefined),
          patterns,
          prior,
        );
        const top = result.scores.indexOf(Math.max(...result.scores));
        const spread = spreadOf(result.hits[top]);
        yield { prototype: patterns[top], hits: result.hits[top], spread, prior };
        prior = noise / (2 * (spread ** 2 + smallestVariance));
        if (spread === 0) return;
        patterns = round >= roundsOnSome - 1 ? [result.means[top]] : [...result.means];
      }
    },
  };
}

function spreadOf(hits: readonly ScaledHit[]): number {
  const logs = hits.map(({ level }) => Math.log(workSide / levelSides[level]));
  const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
  return Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length);
}

async function* scaleRound(
  correlator: Correlator,
  prepare: (level: number) => PreparedLevel,
  prototypes: readonly Float32Array[],
  prior: number,
): AsyncGenerator<undefined, { hits: ScaledHit[][]; means: Float32Array[]; scores: number[] }> {
  const lengths = prototypes.map((prototype) => Math.sqrt(energyOf(prototype)));
  const hits: (ScaledHit & { score: number })[][] = prototypes.map(() => []);
  for (let level = 0; level < levelSides.length; level++) {
    const penalty = prior * Math.log(workSide / levelSides[level]) ** 2;
    if (penalty > hopeless) continue;
    const { maps, energies } = prepare(level);
    yield undefined;
    const scores = yield* correlator.correlate(maps, prototypes);
    const size = (maps.cells - correlator.window + 1) ** 2;
    const softened = energies.map((energy) => Math.sqrt(Math.max(0, energy)));
    for (let n = 0; n < maps.count; n++)
      for (let k = 0; k < prototypes.length; k++) {
        const from = (n * prototypes.length + k) * size;
        const soft = softness * lengths[k];
        let [at, top] = [0, -Infinity];
        for (let i = 0; i < size; i++) {
          const value = scores[from + i] / (softened[n * size + i] + soft);
          if (value > top) [at, top] = [i, value];
        }
        const likeness = top / (lengths[k] + 1e-12);
        const score = likeness - penalty;
        const known = hits[k].at(n);
        if (!known || score > known.score) hits[k][n] = { level, place: at, likeness, score };
      }
  }
  const means: Float32Array[] = [];
  for (const [k, prototype] of prototypes.entries()) {
    const mean = new Float32Array(prototype.length);
    for (const [n, hit] of hits[k].entries()) {
      const { maps } = prepare(hit.level);
      addWindow(maps, n, hit.place, correlator.window, mean, 1 / hits[k].length);
    }
    means.push(mean);
  }
  const scores = hits.map((of) => of.reduce((sum, hit) => sum + hit.score, 0) / of.length);
  return {
    hits: hits.map((of) => of.map(({ level, place, likeness }) => ({ level, place, likeness }))),
    means,
    scores,
  };
}
