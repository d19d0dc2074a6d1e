import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { float32 } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { sampleVolumeNodes, volumeGridNodes, warpVolumeNodes } from '../../../core/stn/volume-nodes.ts';
import { sampleVolume } from '../../../core/stn/volume.ts';
import { checkGradient } from '../../support/check-gradient.ts';
import { array } from '../../support/interpreter.ts';

const random = createRandom(33);
const volume = {
  ...{ depth: 4, height: 3, width: 5, channels: 2 },
  data: Float32Array.from({ length: 120 }, () => random.uniform()),
};
const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
const affine = [0.9, 0.2, -0.1, 0.13, -0.15, 1.1, 0.2, -0.21, 0.05, -0.1, 1.4, 0.3];
const target = { depth: 3, height: 4, width: 4 };

async function warped(matrices: readonly number[], sampling: Parameters<typeof warpVolumeNodes>[3]) {
  const count = matrices.length / 12;
  const g = new GraphBuilder();
  const x = g.input('x', [count, 2, 4, 3, 5]);
  g.output('y', warpVolumeNodes(g, x, g.input('m', [count, 3, 4]), sampling));
  const session = await openSession(encode(g.build()), { threads: 1 });
  const data = Float32Array.from({ length: 120 * count }, (_, i) => volume.data[i % 120]);
  const { y } = await session.run({ x: float32(data, [count, 2, 4, 3, 5]), m: float32(matrices, [count, 3, 4]) });
  await session.dispose();
  return y;
}

describe('volumes', () => {
  for (const alignCorners of [false, true]) {
    it(`stay as they are under the identity, alignCorners ${alignCorners}`, async () => {
      const size = { depth: 4, height: 3, width: 5, alignCorners };
      const plain = sampleVolume(volume, identity, size);
      const { data } = await warped(identity, size);
      for (let i = 0; i < 120; i++) {
        expect(Math.abs(plain[i] - volume.data[i])).toBeLessThan(1e-6);
        expect(Math.abs((data[i] as number) - volume.data[i])).toBeLessThan(1e-6);
      }
    });

    for (const padding of ['zeros', 'border', 'reflection'] as const)
      it(`nodes agree with plain TypeScript: ${padding}, alignCorners ${alignCorners}`, async () => {
        const sampling = { ...target, alignCorners, padding };
        const y = await warped([...affine, ...identity], sampling);
        expect(y.shape).toEqual([2, 2, 3, 4, 4]);
        const expected = [...sampleVolume(volume, affine, sampling), ...sampleVolume(volume, identity, sampling)];
        expected.forEach((value, i) => {
          expect(Math.abs((y.data[i] as number) - value)).toBeLessThan(1e-5);
        });
      });
  }

  it('are read along x, y and z in this order, pinned by numbers', () => {
    const small = { depth: 2, height: 1, width: 2, channels: 1, data: [0, 1, 10, 11] };
    const one = { depth: 1, height: 1, width: 1, alignCorners: true };
    const at = (x: number, z: number): number => sampleVolume(small, [0, 0, 0, x, 0, 0, 0, 0, 0, 0, 0, z], one)[0];
    expect([at(-1, -1), at(1, -1), at(-1, 1), at(0, 0)]).toEqual([0, 1, 10, 5.5]);
    const faces = { ...one, alignCorners: false };
    /* Half a voxel outside a face, half of the value is left. */
    expect(sampleVolume(small, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0.5], faces)[0]).toBe(5.5);
    expect(sampleVolume(small, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0.5], { ...faces, padding: 'border' })[0]).toBe(11);
  });

  for (const padding of ['zeros', 'border', 'reflection'] as const)
    it(`have gradients toward voxels and map: ${padding}`, () => {
      const sampling = { ...target, alignCorners: false, padding };
      const slopes = checkGradient(
        (g) => warpVolumeNodes(g, g.input('x', [1, 2, 4, 3, 5]), g.input('m', [1, 3, 4]), sampling),
        { x: array([...volume.data], [1, 2, 4, 3, 5]), m: array(affine, [1, 3, 4]) },
        ['x', 'm'],
        { step: 1e-7 },
      );
      for (const { analytic, numeric } of slopes) {
        expect(Math.abs(analytic - numeric)).toBeLessThan(1e-4 * Math.max(1, Math.abs(numeric)));
      }
    });

  it('have gradients toward the grid', () => {
    const sampling = { ...target, alignCorners: true };
    const places = Array.from({ length: 21 }, () => 1.6 * random.uniform() - 0.8);
    const slopes = checkGradient(
      (g) => sampleVolumeNodes(g, g.input('x', [1, 2, 4, 3, 5]), g.input('places', [1, 7, 3]), sampling),
      { x: array([...volume.data], [1, 2, 4, 3, 5]), places: array(places, [1, 7, 3]) },
      ['places'],
      { step: 1e-7 },
    );
    for (const { analytic, numeric } of slopes) {
      expect(Math.abs(analytic - numeric)).toBeLessThan(1e-4 * Math.max(1, Math.abs(numeric)));
    }
  });

  it('need matrices and shapes that fit', () => {
    const g = new GraphBuilder();
    const sampling = { ...target, alignCorners: false };
    expect(() => volumeGridNodes(g, g.input('m', [1, 3, 3]), sampling)).toThrow('[1, 3, 3]');
    expect(() => sampleVolumeNodes(g, g.input('x', [1, 2, 3, 4]), g.input('p', [1, 2, 3]), sampling)).toThrow(
      '[N, C, D, H, W]',
    );
    const huge = g.input('huge', [1, 1, 512, 512, 512]);
    expect(() => sampleVolumeNodes(g, huge, g.input('q', [1, 2, 3]), sampling)).toThrow('at most 16777216 voxels');
  });
});
