/** A stream of random numbers that depends on nothing but its seed. */
export interface Random {
  /** A number in [low, high), by default [0, 1). */
  uniform(low?: number, high?: number): number;
  /** A number from the normal distribution with mean 0 and standard deviation 1. */
  normal(): number;
  /** A whole number in [0, n). */
  integer(n: number): number;
  /** A shuffled copy of a list. */
  shuffle<Item>(items: readonly Item[]): Item[];
  /** One item of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item;
  /** An independent stream: the same seed and label give the same stream, however many numbers were drawn before. */
  fork(label: string): Random;
  /** All that `restoreRandom` needs to go on with exactly the numbers this stream would draw next. */
  state(): number[];
}

/** Mixes 32 bits well. **Source**: the finaliser of MurmurHash3 (A. Appleby). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hashes a text to 32 bits. **Source**: FNV-1a. */
function hashText(text: string, start: number): number {
  let hash = start | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/**
 * Makes a stream of random numbers from a seed (any number; the low 32 bits of its whole part and the rest both count).
 *
 * **Source**: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", xoshiro128**.
 */
export function createRandom(seed: number): Random {
  const root = (mix(seed | 0) ^ hashText(String(seed), 0x811c9dc5)) >>> 0;
  return fromRoot(root);
}

/** Goes on with a stream from what its `state()` returned. **Throws** a RangeError when that is not such a state. */
export function restoreRandom(state: readonly number[]): Random {
  if (state.length !== 7 || !state.every((part) => Number.isFinite(part))) {
    throw new RangeError(`The state of a random stream has 7 finite numbers; found [${state.join(', ')}].`);
  }
  return streamOf(state);
}

function fromRoot(root: number): Random {
  const words = [1, 2, 3, 4].map((i) => mix(root + Math.imul(i, 0x9e3779b9)));
  if (!words.some((word) => word !== 0)) words[0] = 1;
  return streamOf([...words, root, 0, 0]);
}

function streamOf(state: readonly number[]): Random {
  let [a, b, c, d] = state.slice(0, 4).map((word) => word | 0);
  const root: number = state[4];
  let hasSpare = state[5] === 1;
  let spare: number = state[6];

  const next = (): number => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  const unit = (): number => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 0x20000000000000;
  const integer = (n: number): number => Math.floor(unit() * n);

  return {
    uniform: (low = 0, high = 1) => low + (high - low) * unit(),
    /* Marsaglia's polar method: two at a time, the second kept as the spare. */
    normal: () => {
      if (hasSpare) {
        hasSpare = false;
        return spare;
      }
      for (;;) {
        const x = 2 * unit() - 1;
        const y = 2 * unit() - 1;
        const r = x * x + y * y;
        if (r === 0 || r >= 1) continue;
        const factor = Math.sqrt((-2 * Math.log(r)) / r);
        spare = y * factor;
        hasSpare = true;
        return x * factor;
      }
    },
    integer,
    shuffle: (items) => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
    pick: (items) => items[integer(items.length)],
    fork: (label) => fromRoot(hashText(label, root ^ 0x811c9dc5)),
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0, root, hasSpare ? 1 : 0, hasSpare ? spare : 0],
  };
}
