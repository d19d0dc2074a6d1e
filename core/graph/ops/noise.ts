import { GraphError } from '../graph-error.ts';
import { type Builder, shapeText } from '../rule.ts';
import { elementCount } from '../tensor.ts';
import { detach, type Value } from '../value.ts';
import { add, mul, sub } from './arithmetic.ts';
import { cast } from './compare.ts';
import { floor } from './elementwise.ts';
import { concat, reshape, slice } from './movement.ts';

const rounds = 8;
/** Random words for each row (three) and each column (two) of the noise. */
const wordCount = 5;
/** Sums of two words stay below 2^12, so that their product is exact in float32. */
const wordLimit = 1448;
const half = 2048;

/**
 * Uniform noise in [0, 1) of a shape, float32: the same numbers for the same seed on every provider, others for every other
 * seed. `seed` is a single whole number from 0 to 4,194,303 of any number type (float32 to stay on a GPU); feed the
 * step, for example. Different `stream` numbers (0 to 800) give independent noise from one seed.
 *
 * A short cipher of whole numbers (a Feistel network, squares as its round function) makes random words for rows and
 * columns; an element is the fractional part of a product of a row's and a column's words. Everything is a whole number
 * below 2^24 over a power of two, so float32 computes it exactly and no provider can differ; only Add, Sub, Mul, Floor and
 * Slice are used. It is for dropout, not for secrets.
 * **Throws** GraphError for more than 2^24 elements.
 */
export function uniformNoise(g: Builder, seed: Value, shape: readonly number[], stream = 0): Value {
  const count = elementCount(shape);
  const columns = Math.min(4096, 2 ** Math.ceil(Math.log2(Math.max(1, count)) / 2));
  const rows = Math.max(1, Math.ceil(count / columns));
  if (rows > 4096 || elementCount(seed.shape) !== 1 || seed.dtype === 'bool') {
    throw new GraphError(
      `uniformNoise: seed ${seed.dtype} ${shapeText(seed.shape)} for ${count} elements, expected one number and at most 2^24 elements`,
    );
  }
  const words = scrambled(g, roundKeys(g, seed), Math.max(rows, columns), stream);
  const row = (word: number): Value => part(g, words, word, rows, [rows, 1]);
  const column = (word: number): Value => part(g, words, word, columns, [1, columns]);
  const sixth = (of: Value): Value => mul(g, floor(g, mul(g, of, wordLimit)), 2 ** -6);
  const first = add(g, sixth(row(0)), sixth(column(3)));
  const second = add(g, sixth(row(1)), sixth(column(4)));
  const shift = mul(g, floor(g, mul(g, row(2), 4096)), 2 ** -12);
  const all = fraction(g, add(g, mul(g, first, second), shift));
  const flat = reshape(g, all, [rows * columns]);
  return reshape(g, rows * columns === count ? flat : slice(g, flat, { starts: [0], ends: [count] }), shape);
}

/** The halves of the seed in turn, each plus a number of its own, below `half`: [rounds]. */
function roundKeys(g: Builder, seed: Value): Value {
  const whole = reshape(g, cast(g, detach(seed), 'float32'), [1]);
  const high = floor(g, mul(g, whole, 1 / half));
  const low = sub(g, whole, mul(g, high, half));
  const turns = concat(
    g,
    Array.from({ length: rounds }, (_, i) => (i % 2 === 0 ? low : high)),
    0,
  );
  const own = Float32Array.from({ length: rounds }, (_, i) => (i * 1201 + 77) % half);
  const sum = add(g, turns, g.constant(own));
  return sub(g, sum, mul(g, floor(g, mul(g, sum, 1 / half)), half));
}

/** Words [wordCount, count] in [0, 1), each a multiple of 2^-15, from their place and the keys. */
function scrambled(g: Builder, keys: Value, count: number, stream: number): Value {
  let left = g.constant(
    Float32Array.from({ length: count }, (_, i) => i / 4096),
    [1, count],
  );
  let right = g.constant(
    Float32Array.from({ length: wordCount }, (_, word) => (((word + wordCount * stream) * 819 + 311) % 4096) / 4096),
    [wordCount, 1],
  );
  for (let i = 0; i < rounds; i++) {
    const key = slice(g, keys, { starts: [i], ends: [i + 1] });
    const whole = floor(g, mul(g, right, half));
    const square = mul(g, mul(g, whole, add(g, whole, add(g, key, 1))), 2 ** -15);
    [left, right] = [right, fraction(g, add(g, left, square))];
  }
  return right;
}

function fraction(g: Builder, x: Value): Value {
  return sub(g, x, floor(g, x));
}

function part(g: Builder, words: Value, word: number, count: number, shape: readonly number[]): Value {
  return reshape(g, slice(g, words, { starts: [word, 0], ends: [word + 1, count] }), shape);
}
