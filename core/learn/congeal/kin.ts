import { GraphBuilder } from '../../graph/builder.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { float32, floats } from '../../graph/tensor.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import { productsOf } from './consensus.ts';
import type { Described } from './describe.ts';

/** Distance (1 - cosine) below which members count as the same. */
const nearest = 0.005;

/**
 * For each member the mean of the kept others, each weighted by the inverse square of its distance (1 - cosine): where members
 * vary in kind, each follows those that are like it; where all differ alike, it is the plain mean.
 *
 * Returns `[count, channels, cells, cells]`.
 */
export async function kinMeans(
  described: Described,
  kept: readonly boolean[],
  window: Float32Array,
  floor: number,
  options: SessionOptions,
): Promise<Float32Array> {
  const { count, channels, cells, maps, masks } = described;
  const plane = cells * cells;
  const length = channels * plane;
  const products = await productsOf(described, window, floor, options);
  const weights = new Float32Array(count * count);
  for (let n = 0; n < count; n++) {
    let sum = 0;
    for (let m = 0; m < count; m++) {
      if (m === n || !kept[m]) continue;
      const sizes = products[n * count + n] * products[m * count + m];
      const distance = 1 - products[n * count + m] / Math.sqrt(Math.max(sizes, 1e-12));
      weights[n * count + m] = 1 / (Math.max(0, distance) + nearest) ** 2;
      sum += weights[n * count + m];
    }
    for (let m = 0; m < count; m++) weights[n * count + m] /= sum;
  }
  const g = new GraphBuilder();
  const all = g.input('maps', [count, length]);
  const seen = g.input('masks', [count, plane]);
  const by = g.input('weights', [count, count]);
  g.output('means', matMul(g, by, all));
  g.output('shown', matMul(g, by, seen));
  const session = await openSession(g.build(), options);
  try {
    const feeds = {
      maps: float32(maps, [count, length]),
      masks: float32(masks, [count, plane]),
      weights: float32(weights, [count, count]),
    };
    const outputs = await session.run(feeds);
    const means = floats(outputs.means);
    const shown = floats(outputs.shown);
    for (let n = 0; n < count; n++)
      for (let i = 0; i < length; i++) means[n * length + i] /= Math.max(1 / 3, shown[n * plane + (i % plane)]);
    return means;
  } finally {
    await session.dispose();
  }
}
