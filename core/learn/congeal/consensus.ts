import { GraphBuilder } from '../../graph/builder.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { transpose } from '../../graph/ops/movement.ts';
import { float32, floats } from '../../graph/tensor.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import type { Described } from './describe.ts';
import { cellWeights } from './template.ts';

/** One pose that member `n` may take, and what it gains or loses beforehand. */
export interface Choice {
  readonly n: number;
  readonly bonus: number;
}

/** Most rounds in which members may change their minds. */
const mostRounds = 20;
/** How many of the most similar others count as a member's kin. */
const kinCount = 3;

/** Products of every two described maps, summed over cells with the weights of their mean: `[count, count]`. */
export async function productsOf(
  { count, maps, channels, cells }: Described,
  window: Float32Array,
  floor: number,
  options: SessionOptions,
): Promise<Float32Array> {
  const plane = cells * cells;
  const length = channels * plane;
  const sum = new Float32Array(length);
  for (let start = 0; start < maps.length; start += length) for (let i = 0; i < length; i++) sum[i] += maps[start + i];
  const roots = cellWeights(sum, channels, window, floor).map(Math.sqrt);
  const scaled = new Float32Array(maps.length);
  for (let start = 0; start < maps.length; start += plane)
    for (let i = 0; i < plane; i++) scaled[start + i] = maps[start + i] * roots[i];
  const g = new GraphBuilder();
  const x = g.input('x', [count, length]);
  g.output('products', matMul(g, x, transpose(g, x, [1, 0])));
  const session = await openSession(g.build(), options);
  try {
    return floats((await session.run({ x: float32(scaled, [count, length]) })).products);
  } finally {
    await session.dispose();
  }
}

/**
 * Lets the members of a set choose among poses, one after another, until none changes its mind. A pose is judged by how
 * like it is to the mean of what the kept others have chosen and to the few of them that are most like it: where a pose
 * and its opposite are nearly as good for the mean, images that show the same thing still decide alike.
 *
 * `products` are those of the choices' maps; `start` holds for each member the place of the choice it starts from.
 * Returns the same kind of list and each member's score against the mean of the others in the end.
 */
export function agree(
  choices: readonly Choice[],
  products: Float32Array,
  kept: readonly boolean[],
  start: readonly number[],
): { readonly chosen: number[]; readonly scores: number[] } {
  const total = choices.length;
  const chosen = [...start];
  const scores = start.map(() => 0);
  const own = start.map((_, n) => choices.flatMap((choice, place) => (choice.n === n ? [place] : [])));
  for (let round = 0; round < mostRounds; round++) {
    let changes = 0;
    for (let n = 0; n < chosen.length; n++) {
      const others = chosen.filter((_, m) => m !== n && kept[m]);
      let norm = 0;
      for (const a of others) for (const b of others) norm += products[a * total + b];
      const like = (place: number): number =>
        others.reduce((sum, other) => sum + products[place * total + other], 0) / Math.sqrt(Math.max(norm, 1e-12));
      const kin = (place: number): number =>
        others
          .map((other) => {
            const sizes = products[place * total + place] * products[other * total + other];
            return products[place * total + other] / Math.sqrt(Math.max(sizes, 1e-12));
          })
          .sort((a, b) => b - a)
          .slice(0, kinCount)
          .reduce((sum, value) => sum + value / kinCount, 0);
      const worth = new Map(own[n].map((place) => [place, like(place) + kin(place) + choices[place].bonus]));
      const best = own[n].reduce((a, b) => ((worth.get(b) ?? 0) > (worth.get(a) ?? 0) ? b : a), chosen[n]);
      if (best !== chosen[n]) changes++;
      chosen[n] = best;
      scores[n] = like(best);
    }
    if (changes === 0) break;
  }
  return { chosen, scores };
}
