import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { float32, floats } from '../../../core/graph/tensor.ts';
import { meanWindowNodes, splitPhases } from '../../../core/learn/colocalise/gain.ts';
import { frameOf, frameOfShare } from '../../../core/learn/colocalise/size-rule.ts';
import { openSession } from '../../../core/runtime/session.ts';

describe('the mean window under attention', () => {
  it('is the sum over images and places of attention times window', async () => {
    const random = createRandom(3);
    const [count, channels, cells] = [3, 2, 10];
    const lattice = { places: 5, step: 2, window: 6 };
    const data = Float32Array.from({ length: count * channels * cells ** 2 }, () => random.normal());
    const attention = Float32Array.from({ length: count * 25 }, () => random.uniform());
    const split = splitPhases({ count, channels, cells, data }, lattice);
    const planes = channels * 4;
    const phases = new Float32Array(split.data.length);
    const plane = split.size ** 2;
    for (let n = 0; n < count; n++)
      for (let c = 0; c < planes; c++)
        phases.set(
          split.data.subarray((n * planes + c) * plane, (n * planes + c + 1) * plane),
          (c * count + n) * plane,
        );
    const g = new GraphBuilder();
    const a = g.input('a', [count, 25]);
    const p = g.input('p', [planes, count, split.size, split.size]);
    g.output('mean', meanWindowNodes(g, a, p, lattice));
    const session = await openSession(encode(g.build()), { threads: 1 });
    const found = floats(
      (
        await session.run({
          a: float32(attention, [count, 25]),
          p: float32(phases, [planes, count, split.size, split.size]),
        })
      ).mean,
    );
    await session.dispose();
    const at = (n: number, c: number, y: number, x: number): number =>
      x < 0 || y < 0 || x >= cells || y >= cells ? 0 : data[((n * channels + c) * cells + y) * cells + x];
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < 6; y++)
        for (let x = 0; x < 6; x++) {
          let sum = 0;
          for (let n = 0; n < count; n++)
            for (let place = 0; place < 25; place++)
              sum +=
                (attention[n * 25 + place] * at(n, c, 2 * Math.floor(place / 5) + y - 3, 2 * (place % 5) + x - 3)) /
                count;
          const phase = c * 4 + (y % 2) * 2 + (x % 2);
          expect(found[(phase * 3 + (2 - (y >> 1))) * 3 + (2 - (x >> 1))]).toBeCloseTo(sum, 4);
        }
  });
});

describe('the size of a pattern', () => {
  const window = 20;
  const square = new Float32Array(window * window);
  for (let y = 4; y < 12; y++) for (let x = 7; x < 15; x++) square[y * window + x] = 1;

  it('is a square around its strength with a margin', () => {
    const frame = frameOf(square, 1, window);
    expect(frame.x).toBeCloseTo(11, 6);
    expect(frame.y).toBeCloseTo(8, 6);
    expect(frame.half).toBeCloseTo(4 * 1.15, 6);
  });

  it('can be given as a share of the area', () => {
    const frame = frameOfShare(frameOf(square, 1, window), 0.25, [{ width: 84, height: 84 }], [1]);
    expect(frame.half).toBeCloseTo(10.5, 6);
    const larger = frameOfShare(frameOf(square, 1, window), 0.25, [{ width: 84, height: 84 }], [2]);
    expect(larger.half).toBeCloseTo(5.25, 6);
  });

  it('of nothing is the whole window', () => {
    expect(frameOf(new Float32Array(window * window), 1, window).half).toBe(10);
  });
});
