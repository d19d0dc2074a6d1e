import { CongealError } from '../contract/errors.ts';
import { composeParameters, families, fromMatrix, invertParameters, meanParameters, toMatrix } from './families.ts';
import type { FamilyName } from './family.ts';
import { keepFromZero } from './grid.ts';
import { chain, invert, scale, translate, type Matrix3 } from './matrix.ts';
import type { Point } from './units.ts';
import type { WarpFamily } from './warp.ts';

/** Maps a point, with w kept away from 0 so that points near the horizon stay finite. */
function divided(m: Matrix3, x: number, y: number): Point {
  const w = keepFromZero(m[6] * x + m[7] * y + m[8]);
  return { x: (m[0] * x + m[1] * y + m[2]) / w, y: (m[3] * x + m[4] * y + m[5]) / w };
}

/** A family whose members are matrices, as a family of warps. */
export function matrixWarps(name: FamilyName): WarpFamily {
  const family = families[name];
  return {
    name,
    parameters: family.parameters,
    identity: family.identity,
    mapOf: (parameters, frame) => {
      const matrix = toMatrix(family, parameters, frame);
      return (x, y) => divided(matrix, x, y);
    },
    inverseOf: (parameters, frame) => {
      const back = invert(toMatrix(family, parameters, frame));
      return (x, y) => ({ ...divided(back, x, y), error: 0 });
    },
    startAt: (place, frame) => {
      const wanted = chain(translate(place.x, place.y), scale(place.scale), toMatrix(family, family.identity, frame));
      const parameters = fromMatrix(family, wanted, frame);
      const found = toMatrix(family, parameters, frame);
      if (found.some((entry, i) => Math.abs(entry - wanted[i]) > 1e-9)) {
        throw new CongealError(
          'usage',
          `A transformer of the family '${name}' cannot start with scale ${place.scale} at (${place.x}, ${place.y}): it has the parameters ${family.parameters.map((p) => p.name).join(', ')} only. Leave out what it cannot do, or take another family.`,
        );
      }
      return parameters;
    },
    bound: (parameters) => family.bound(parameters),
    compose: (second, first) => ({ parameters: composeParameters(family, second, first), error: 0 }),
    invert: (parameters) => ({ parameters: invertParameters(family, parameters), error: 0 }),
    mean: (all) => meanParameters(family, all),
  };
}
