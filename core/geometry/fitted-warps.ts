import { unitCentres } from './grid.ts';
import { invertMap, type PlaneMap } from './invert-map.ts';
import type { Point } from './units.ts';
import type { Approximation, WarpFamily } from './warp.ts';

/** Where approximations of warps are compared with what they stand for. */
const places = unitCentres(17, true);
const probes: readonly Point[] = [...places].flatMap((y) => [...places].map((x) => ({ x, y })));

/** What makes the group laws of a family that is no group: the map of parameters, and the parameters nearest to a map. */
interface Fitting {
  readonly planeMap: (parameters: readonly number[]) => PlaneMap;
  readonly fit: (map: (point: Point) => Point) => readonly number[];
}

/**
 * Composition and inverse of families that are closed under neither: the member fitted to what is wanted, and by how much
 * at most it misses that at 17 x 17 places across the crop.
 */
export function fittedLaws({ planeMap, fit }: Fitting): Pick<WarpFamily, 'compose' | 'invert' | 'inverseOf'> {
  const through = (map: (point: Point) => Point): Approximation => {
    const parameters = fit(map);
    const found = planeMap(parameters);
    const error = probes.reduce((worst, probe) => {
      const [is, wanted] = [found.point(probe.x, probe.y), map(probe)];
      return Math.max(worst, Math.hypot(is.x - wanted.x, is.y - wanted.y));
    }, 0);
    return { parameters, error };
  };
  return {
    inverseOf: (parameters) => invertMap(planeMap(parameters)),
    compose: (second, first) => {
      const [after, before] = [planeMap(second), planeMap(first)];
      return through((p) => {
        const between = before.point(p.x, p.y);
        return after.point(between.x, between.y);
      });
    },
    invert: (parameters) => {
      const inverse = invertMap(planeMap(parameters));
      let missed = 0;
      const back = through(({ x, y }) => {
        const found = inverse(x, y);
        missed = Math.max(missed, found.error);
        return found;
      });
      return { parameters: back.parameters, error: back.error + missed };
    },
  };
}
