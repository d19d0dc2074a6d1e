import { describe, expect, it } from 'vitest';
import { multiply, singularValues, type Matrix3 } from '../../../../core/geometry/matrix.ts';
import { concentrationOf, isConcentrated } from '../../../../core/learn/congeal/concentration.ts';
import { neutralGauge, readPose, shrinkAnisotropy, applyGauge } from '../../../../core/learn/congeal/gauge.ts';
import { warpOf } from '../../../../core/learn/congeal/generators.ts';
import { solveSymmetric } from '../../../../core/learn/congeal/lucas-kanade.ts';
import { isSane } from '../../../../core/learn/congeal/sanity.ts';
import { prominenceIn } from '../../../../core/learn/congeal/bank.ts';
import { agree, productsOf } from '../../../../core/learn/congeal/consensus.ts';
import { gaussianWindow } from '../../../../core/learn/congeal/template.ts';
import { kinMeans } from '../../../../core/learn/congeal/kin.ts';
import { flagOutliers } from '../../../../core/learn/congeal/scores.ts';
import { bestHit, entryWarp, searchGrid, wrap } from '../../../../core/learn/congeal/search.ts';

const free = { strength: 0, rotation: null, rotationMean: 0, logScale: 1, shift: 1 };

describe('generators', () => {
  it('generate a quarter turn, a doubling and a shift', () => {
    const turn = warpOf('similarity', [0, 0, Math.PI / 2, 0]);
    [0, -1, 0, 1, 0, 0, 0, 0, 1].forEach((value, i) => expect(turn[i]).toBeCloseTo(value, 12));
    expect(warpOf('similarity', [0, 0, 0, Math.log(2)])[0]).toBeCloseTo(2, 12);
    expect(warpOf('translation', [0.25, -0.5])).toEqual([1, 0, 0.25, 0, 1, -0.5, 0, 0, 1]);
  });
});

describe('the gauge', () => {
  const warps = [0.2, 0.5, 0.9].map((angle, n) => entryWarp(angle, 0.1 * n, 0.1 * n, -0.2));

  it('leaves mean scale 1, mean rotation 0 and mean centre at the origin', () => {
    const neutral = applyGauge(warps, neutralGauge(warps, true));
    const poses = neutral.map(readPose);
    expect(poses.reduce((sum, pose) => sum + Math.log(pose.scale), 0)).toBeCloseTo(0, 12);
    expect(poses.reduce((sum, pose) => sum + Math.sin(pose.rotation), 0)).toBeCloseTo(0, 12);
  });

  it('shrinks anisotropy along its own axes and keeps the area', () => {
    const sheared: Matrix3 = multiply(entryWarp(0.7, 0, 0, 0), [1, 0.5, 0.1, 0, 1.2, 0, 0, 0, 1]);
    const shrunk = shrinkAnisotropy(sheared, 0.5);
    const ratio = ([a, b, , c, d]: Matrix3): number =>
      Math.log(singularValues(a, b, c, d)[0] / singularValues(a, b, c, d)[1]);
    expect(ratio(shrunk)).toBeCloseTo(ratio(sheared) / 2, 10);
    expect(readPose(shrunk).scale).toBeCloseTo(readPose(sheared).scale, 12);
  });
});

describe('the search', () => {
  it('moves the window against the shift of the template', () => {
    const grid = searchGrid(0, false, 1);
    const scores = new Float32Array(9);
    scores[1 * 3 + 2] = 1;
    const hit = bestHit(grid, scores, 0, { reach: 1, step: 1 }, 8, free);
    expect(hit?.warp[2]).toBeCloseTo(-0.25, 6);
    expect(hit?.warp[5]).toBeCloseTo(0, 6);
  });

  it('covers the full circle as a closed ring', () => {
    const grid = searchGrid(Math.PI, true);
    expect(grid.closed).toBe(true);
    expect(grid.entries.length).toBe(2 * grid.turns.length * grid.logScales.length);
    expect(wrap(1.5 * Math.PI)).toBeCloseTo(-Math.PI / 2, 12);
  });

  it('tells a set that stands one way from one that is spread over the circle', () => {
    const at = (angles: number[]): Matrix3[] => angles.map((angle) => entryWarp(angle, 0, 0, 0));
    expect(isConcentrated(concentrationOf(at([0.1, 0.3, -0.4, 0.2, 0, -0.1, 3])))).toBe(true);
    expect(isConcentrated(concentrationOf(at([0, 1, 2, 3, 4, 5])))).toBe(false);
  });
});

describe('safety', () => {
  it('solves definite systems and refuses others', () => {
    const solved = solveSymmetric(Float64Array.of(4, 0, 2, 3), Float64Array.of(2, 1), 2);
    expect(solved?.[0]).toBeCloseTo(0.5, 12);
    expect(solved?.[1]).toBeCloseTo(0, 12);
    expect(solveSymmetric(Float64Array.of(1, 0, 1, 1), Float64Array.of(1, 1), 2)).toBeNull();
  });

  it('keeps warps finite, of sensible size and near', () => {
    expect(isSane([1, 0, 0, 0, 1, 0, 0, 0, 1])).toBe(true);
    expect(isSane([1, 0, Number.NaN, 0, 1, 0, 0, 0, 1])).toBe(false);
    expect(isSane([0.01, 0, 0, 0, 0.01, 0, 0, 0, 1])).toBe(false);
    expect(isSane([1, 0, 4, 0, 1, 0, 0, 0, 1])).toBe(false);
  });

  it('flags what lies far below the rest', () => {
    expect(flagOutliers([0.5, 0.52, 0.48, 0.51, 0.5, 0.2], [1, 9, 1, 1, 1, 1])).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(flagOutliers([0.5, 0.1], [1, 1])).toEqual([false, false]);
  });

  it('flags what is a little less alike and lies at an odd place, but no odd place alone', () => {
    const similarities = [0.5, 0.52, 0.47, 0.51, 0.5, 0.53];
    expect(flagOutliers(similarities, [1, 1, 3, 1, 1, 9])).toEqual([false, false, true, false, false, false]);
  });
});

describe('what a set agrees on', () => {
  /** Maps of one channel and 4 x 4 cells, each the given plane. */
  const described = (planes: readonly (readonly number[])[]) => ({
    count: planes.length,
    channels: 1,
    cells: 4,
    maps: Float32Array.from(planes.flat()),
    masks: new Float32Array(planes.length * 16).fill(1),
  });
  const plane = (value: (i: number) => number): number[] => Array.from({ length: 16 }, (_, i) => value(i));
  const [across, down] = [plane((i) => (i % 4) - 1.5), plane((i) => Math.floor(i / 4) - 1.5)];
  const window = gaussianWindow(4, 1);

  it('is what lets members choose the pose that the others have chosen', async () => {
    const planes = [across, across, across, down, across];
    const choices = [0, 1, 2, 3, 3].map((n) => ({ n, bonus: 0 }));
    const products = await productsOf(described(planes), window, 0.2, { threads: 1 });
    const { chosen, scores } = agree(choices, products, [true, true, true, true], [0, 1, 2, 3]);
    expect(chosen).toEqual([0, 1, 2, 4]);
    expect(scores[3]).toBeCloseTo(scores[0], 4);
  });

  it('is for each member mostly what its like agree on', async () => {
    const planes = [across, across, down, down];
    const means = await kinMeans(described(planes), [true, true, true, true], window, 0.2, { threads: 1 });
    planes.forEach((own, n) => own.forEach((value, i) => expect(means[n * 16 + i]).toBeCloseTo(value, 2)));
  });

  it('stands out where few poses match', () => {
    const flat = Float32Array.of(1, 0.9, 1, 0.9, -Infinity);
    const peaked = Float32Array.of(1, 0, 0, 0, -Infinity);
    expect(prominenceIn(peaked, 1)).toBeGreaterThan(prominenceIn(flat, 1));
  });
});
