import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { float32, floats } from '../../../core/graph/tensor.ts';
import { cropGainNodes } from '../../../core/learn/colocalise/photos-refine.ts';
import { openSession } from '../../../core/runtime/session.ts';

const [count, channels, rows, columns] = [6, 4, 16, 16];
/** Cells lie a quarter of a cell off: cell i has its centre at pixel 8 i + 2 of 128. */
const lattice = { rows, columns, stride: 8, offset: 2, side: 128 };

/** Noise with the same pattern, 6 cells a side, somewhere in each map; gives where, in unit coordinates. */
function patterned() {
  const random = createRandom(3);
  const pattern = Float32Array.from({ length: channels * 36 }, () => random.normal());
  const data = Float32Array.from({ length: count * channels * rows * columns }, () => 0.3 * random.normal());
  const edges = Array.from({ length: count }, (_, n) => {
    const [left, top] = [2 + random.integer(6), 2 + random.integer(6)];
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < 6; y++)
        for (let x = 0; x < 6; x++)
          data[((n * channels + c) * rows + top + y) * columns + left + x] += pattern[(c * 6 + y) * 6 + x];
    const unit = (cell: number) => (2 * (8 * cell + 2)) / 128 - 1;
    return [unit(left - 0.5), unit(top - 0.5), unit(left + 5.5), unit(top + 5.5)];
  });
  return { data, edges };
}

describe('the shared part of crops', () => {
  const g = new GraphBuilder();
  const edges = g.input('edges', [count, 4]);
  const loss = cropGainNodes(g, edges, g.input('cells', [count, channels, rows, columns]), lattice);
  const [gradient] = backward(g, loss, [edges]);
  g.output('loss', loss);
  g.output('gradient', gradient);
  const { data, edges: there } = patterned();
  const cells = float32(data, [count, channels, rows, columns]);
  const at = async (given: readonly (readonly number[])[]) => {
    const session = await openSession(g.build(), { threads: 1 });
    try {
      const found = await session.run({ edges: float32(Float32Array.from(given.flat()), [count, 4]), cells });
      return { loss: floats(found['loss'])[0], gradient: floats(found['gradient']) };
    } finally {
      await session.dispose();
    }
  };

  it('is largest where the pattern is, and a crop that is off is drawn there', async () => {
    const best = (await at(there)).loss;
    const shift = 0.06;
    for (const [x, y] of [
      [shift, 0],
      [-shift, 0],
      [0, shift],
      [0, -shift],
    ]) {
      const moved = there.map((one, n) => (n === 2 ? one.map((edge, i) => edge + (i % 2 === 0 ? x : y)) : one));
      const off = await at(moved);
      expect(off.loss).toBeGreaterThan(best);
      expect(off.gradient[8] * x + off.gradient[9] * y).toBeGreaterThan(0);
    }
  });

  it('moves crops and leaves their sizes', async () => {
    const { gradient: found } = await at(there.map((one) => one.map((edge) => edge + 0.05)));
    for (let n = 0; n < count; n++)
      for (const axis of [0, 1]) expect(found[4 * n + axis]).toBeCloseTo(found[4 * n + 2 + axis], 7);
  });
});
