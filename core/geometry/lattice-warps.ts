import { fittedLaws } from './fitted-warps.ts';
import { boundLattice, fromAffinePart } from './lattice-bounds.ts';
import { latticeMap, type LatticeFamily } from './lattice-family.ts';
import { plainMean, type WarpFamily } from './warp.ts';

/** A family that moves control points, as a family of warps. Inverses and compositions are exact in the control points. */
export function latticeWarps(family: LatticeFamily): WarpFamily {
  const { identity, cardinals } = family;
  return {
    name: family.name,
    parameters: family.parameters,
    identity,
    ...fittedLaws({
      planeMap: (parameters) => latticeMap(family, parameters),
      fit: (map) =>
        cardinals.points.flatMap((p, k) => {
          const to = map(p);
          return [identity[2 * k] + to.x - p.x, identity[2 * k + 1] + to.y - p.y];
        }),
    }),
    mapOf: (parameters) => {
      const map = latticeMap(family, parameters);
      return (x, y) => map.point(x, y);
    },
    startAt: ({ scale, x, y }) =>
      fromAffinePart(
        family,
        [scale, 0, x, 0, scale, y],
        identity.map(() => 0),
      ),
    bound: (parameters) => boundLattice(family, parameters),
    mean: plainMean,
  };
}
