import { expect, test } from 'vitest';
import { openGradientExtractor } from '../../../../core/features/gradient-extractor.ts';
import { identity3, invert, multiply, type Matrix3 } from '../../../../core/geometry/matrix.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { pixelsOf } from '../../../../core/learn/aligner/agreement.ts';
import { exportAligner } from '../../../../core/learn/aligner/export-aligner.ts';
import { createVoteNet } from '../../../../core/learn/aligner/vote-net.ts';
import type { AlignFamily } from '../../../../core/learn/congeal/generators.ts';
import { createView } from '../../../../core/learn/congeal/views.ts';
import { openSession } from '../../../../core/runtime/session.ts';
import { knownAlignment } from '../../../support/known-alignment.ts';
import { drawPosedBeetles } from '../../../support/posed-beetles.ts';

const shape = { cells: 24, channels: 8, hidden: 8 };
const scale = 0.9;
const frame: Matrix3 = [0.8, 0, 0.1, 0, 0.8, 0, 0.05, 0, 1];
const set = drawPosedBeetles(4, 3, 0.1);

/** Exports an untrained aligner and gives its warps for the set, canonical frame of the learning to search frame. */
async function warpsOf(family: AlignFamily): Promise<Matrix3[]> {
  const extractor = openGradientExtractor({ threads: 1 });
  const { template } = await knownAlignment(set, extractor, family);
  const parameters = createVoteNet(shape, createRandom(2));
  const model = exportAligner({
    template: { ...template, frame },
    ...{ source: { extractor }, shape, parameters, scale, size: 48, firstWindows: [identity3] },
  });
  const session = await openSession(model, { threads: 1 });
  const warps: Matrix3[] = [];
  for (const { image } of set) {
    const { theta } = await session.run({ pixels: pixelsOf(image) });
    const [a, b, x, c, d, y] = Array.from(theta.data, Number);
    /* The affine map that agrees with the frame at the origin. */
    const back = invert([0.8 - 0.1 * 0.05, 0, 0.1, 0, 0.8, 0, 0, 0, 1]);
    warps.push(multiply(multiply(invert(createView(image, false).searchToUnit), [a, b, x, c, d, y, 0, 0, 1]), back));
  }
  await session.dispose();
  await extractor.dispose();
  return warps;
}

test('translations only shift', async () => {
  for (const warp of await warpsOf('translation')) {
    [scale, 0, 0, scale].forEach((value, i) => expect([warp[0], warp[1], warp[3], warp[4]][i]).toBeCloseTo(value, 3));
    expect(Math.hypot(warp[2], warp[5])).toBeGreaterThan(1e-3);
  }
});

test('rotations turn without changing the scale', async () => {
  for (const warp of await warpsOf('rotation')) {
    expect(Math.hypot(warp[0], warp[3])).toBeCloseTo(scale, 3);
    expect(warp[0]).toBeCloseTo(warp[4], 3);
    expect(warp[1]).toBeCloseTo(-warp[3], 3);
  }
});

test('what was learned with projective warps gives affine ones', async () => {
  for (const warp of await warpsOf('projective')) expect(warp.every(Number.isFinite)).toBe(true);
});
