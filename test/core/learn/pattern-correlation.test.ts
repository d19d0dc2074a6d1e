import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import {
  addWindow,
  createCorrelator,
  energyOf,
  padMaps,
  type PaddedMaps,
  windowEnergies,
} from '../../../core/learn/colocalise/correlate.ts';
import { finalOf } from '../../support/final-of.ts';

const [count, channels, window] = [5, 3, 6];
const random = createRandom(4);
const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
const level = (cells: number): PaddedMaps => {
  const data = noise(count * channels * cells * cells);
  return padMaps({ side: 0, scale: 1, channels, cells, data, mean: new Float32Array(channels) }, count, 2);
};

/** What a window holds, read cell by cell. */
function windowOf(maps: PaddedMaps, index: number, place: number): Float32Array {
  const held = new Float32Array(channels * window ** 2);
  addWindow(maps, index, place, window, held, 1);
  return held;
}

describe('correlation of prototypes with maps', () => {
  it.each([1, 3, 12, 13, 30])(
    'multiplies %i prototypes with every window, whatever the size of the maps',
    async (many) => {
      const correlator = createCorrelator(channels, window, {});
      const prototypes = Array.from({ length: many }, () => noise(channels * window ** 2));
      try {
        for (const cells of [10, 7]) {
          const maps = level(cells);
          const size = (maps.cells - window + 1) ** 2;
          const scores = await finalOf(correlator.correlate(maps, prototypes));
          expect(scores).toHaveLength(count * many * size);
          for (let n = 0; n < count; n++)
            for (let place = 0; place < size; place++) {
              const held = windowOf(maps, n, place);
              prototypes.forEach((prototype, k) => {
                const product = held.reduce((sum, value, i) => sum + value * prototype[i], 0);
                expect(Math.abs(scores[(n * many + k) * size + place] - product)).toBeLessThan(1e-4);
              });
            }
        }
      } finally {
        await correlator.dispose();
      }
    },
  );

  it('knows the energy of every window', () => {
    const maps = level(9);
    const size = (maps.cells - window + 1) ** 2;
    const energies = windowEnergies(maps, window);
    expect(energies).toHaveLength(count * size);
    for (let n = 0; n < count; n++)
      for (let place = 0; place < size; place++)
        expect(energies[n * size + place]).toBeCloseTo(energyOf(windowOf(maps, n, place)), 3);
  });
});
