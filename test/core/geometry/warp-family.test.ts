import { describe, expect, it } from 'vitest';
import { basisFamily, basisGrid, startingBasis, type BasisName } from '../../../core/geometry/basis-family.ts';
import type { LatticeName } from '../../../core/geometry/lattice-family.ts';
import { families, toMatrix } from '../../../core/geometry/families.ts';
import { mapGrid, regularGrid, unitCentres } from '../../../core/geometry/grid.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { warpFamily, warpGrid } from '../../../core/geometry/warp-family.ts';
import { expectClose } from './support.ts';

const names: readonly (LatticeName | BasisName)[] = [
  ...(['tps9', 'tps16', 'tps25', 'piecewise9', 'piecewise16', 'piecewise25'] as const),
  ...(['flow:6x4', 'flow:1x1', 'basis3', 'basis6', 'basis10'] as const),
];
const wide = { width: 300, height: 200 };
const random = createRandom(11);

/** A warp as it occurs: every parameter a little away from the identity. */
function mild(name: LatticeName | BasisName, amount = name.startsWith('basis') ? 0.015 : 0.05): number[] {
  return warpFamily(name).identity.map((value) => value + amount * random.normal());
}

for (const name of names) {
  describe(`the family ${name}`, () => {
    const family = warpFamily(name);

    it('has a name, a unit and limits for every parameter, and an identity that is one', () => {
      expect(family.parameters).toHaveLength(family.identity.length);
      expect(new Set(family.parameters.map((parameter) => parameter.name)).size).toBe(family.identity.length);
      expect(family.bound(family.identity, wide)).toEqual(family.identity);
      expect(warpGrid(family.mapOf(family.identity, wide), 5, 4, false)).toEqual(regularGrid(5, 4, false));
    });

    it('starts as the crop that it is told to be', () => {
      if (name.startsWith('flow')) return;
      const map = family.mapOf(family.startAt({ scale: 0.5, x: 0.2, y: -0.3 }, wide), wide);
      for (const [x, y] of [
        [-1, -1],
        [0.3, 0.6],
        [1, 0],
      ]) {
        const found = map(x, y);
        expectClose([found.x, found.y], [0.5 * x + 0.2, 0.5 * y - 0.3], 1e-12);
      }
    });

    it('inverts and composes to what it says it missed, at most', () => {
      for (let i = 0; i < 3; i++) {
        const [a, b] = [mild(name), mild(name)];
        const back = family.invert(a);
        const round = family.compose(back.parameters, a);
        const both = family.compose(a, b);
        const [mapA, mapB, mapBack, mapBoth] = [a, b, back.parameters, both.parameters].map((p) =>
          family.mapOf(p, wide),
        );
        const find = family.inverseOf(a, wide);
        expect(back.error).toBeLessThan(0.4);
        expect(round.error).toBeLessThan(0.4);
        for (const y of unitCentres(17, true))
          for (const x of unitCentres(17, true)) {
            const inverse = find(x, y);
            expect(inverse.error).toBeLessThan(1e-9);
            const approximate = mapBack(x, y);
            expect(Math.hypot(approximate.x - inverse.x, approximate.y - inverse.y)).toBeLessThan(back.error + 1e-9);
            const to = mapA(mapB(x, y).x, mapB(x, y).y);
            const found = mapBoth(x, y);
            expect(Math.hypot(found.x - to.x, found.y - to.y)).toBeLessThan(both.error + 1e-9);
          }
      }
    });

    it('has a mean: that of the control points', () => {
      const a = mild(name);
      const around = family.identity.map((value, i) => 2 * value - a[i]);
      expectClose(family.mean([a, a]), a, 1e-15);
      expectClose(family.mean([a, around]), family.identity, 1e-12);
      expect(() => family.mean([])).toThrow(RangeError);
    });

    it('is bounded so that nothing folds', () => {
      for (const amount of [0.3, 1, 5]) {
        const bounded = family.bound(mild(name, amount), wide);
        const map = family.mapOf(bounded, wide);
        for (const y of unitCentres(9, false))
          for (const x of unitCentres(9, false)) {
            const step = 1e-5;
            const [e, w, n, o] = [map(x + step, y), map(x - step, y), map(x, y + step), map(x, y - step)];
            const [p, q, r, s] = [e.x - w.x, n.x - o.x, e.y - w.y, n.y - o.y].map((value) => value / (2 * step));
            expect(Math.abs(p * s - q * r)).toBeGreaterThan(1e-4);
          }
        expectClose(family.bound(bounded, wide), bounded, 1e-6);
      }
    });
  });
}

describe('families that are matrices', () => {
  it('are the same maps under this interface', () => {
    const parameters = [0.3, 0.1, 0.2, -0.1];
    const map = warpFamily('similarity').mapOf(parameters, wide);
    const grid = mapGrid(toMatrix(families.similarity, parameters, wide), 5, 4, true);
    expectClose([...warpGrid(map, 5, 4, true)], [...grid], 1e-7);
    const { parameters: back, error } = warpFamily('similarity').invert(parameters);
    expectClose(
      back,
      parameters.map((value) => -value),
      1e-12,
    );
    expect(error).toBe(0);
  });

  it('start where they can, and say where they cannot', () => {
    const place = { scale: 0.5, x: 0.25, y: -0.5 };
    const frame = { width: 2, height: 1, canonicalAspect: 1 };
    for (const name of ['attention', 'similarity', 'affine', 'projective', 'affine-lie', 'projective-lie']) {
      const map = warpFamily(name).mapOf(warpFamily(name).startAt(place, frame), frame);
      expectClose([map(0, 0).x, map(0, 0).y], [0.25, -0.5], 1e-12);
    }
    expect(() => warpFamily('rotation').startAt(place, frame)).toThrow(/'rotation' cannot start with scale 0.5/);
    expect(() => warpFamily('translation').startAt(place, frame)).toThrow(/shift x, shift y only/);
    expectClose(warpFamily('translation').startAt({ ...place, scale: 1 }, frame), [0.25, -0.5], 1e-12);
  });

  it('stay finite at the horizon of a projective map', () => {
    const map = warpFamily('projective').mapOf([1, 0, 0, 0, 1, 0, 1, 0], wide);
    expect(map(-1, 0)).toEqual({ x: -1e6, y: 0 });
  });

  it('are named where one is asked for that does not exist', () => {
    expect(() => warpFamily('tps12')).toThrow(/no transform family 'tps12'; there are translation, attention/);
    expect(() => warpFamily('flow:0x3')).toThrow(/flow:COLUMNSxROWS/);
  });
});

describe('families with a basis', () => {
  it('begin as affine and polynomial maps', () => {
    for (const name of ['basis3', 'basis6', 'basis10'] as const) {
      const family = basisFamily(name);
      const grid = basisGrid(family, family.identity, startingBasis(family, 5, 4, false));
      expect(grid).toEqual(regularGrid(5, 4, false));
      const bent = family.identity.map((value) => value + 0.05 * random.normal());
      const same = warpGrid(warpFamily(name).mapOf(bent, wide), 5, 4, true);
      expectClose([...basisGrid(family, bent, startingBasis(family, 5, 4, true))], [...same], 1e-6);
    }
    const affine = [0.9, 0.1, 0.2, -0.1, 1.1, 0.3];
    const grid = basisGrid(basisFamily('basis3'), affine, startingBasis(basisFamily('basis3'), 5, 4, true));
    expectClose([...grid], [...mapGrid(toMatrix(families.affine, affine, wide), 5, 4, true)], 1e-6);
    const six = basisFamily('basis6');
    const bent = [...six.identity];
    bent[3] = 0.5; /* x² */
    expect([...basisGrid(six, bent, startingBasis(six, 3, 1, true))]).toEqual([-0.5, 0, 0, 0, 1.5, 0]);
    expect(six.parameters[4].name).toBe('x of xy');
  });
});
