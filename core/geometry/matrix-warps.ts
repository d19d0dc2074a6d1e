import { CongealError } from '../contract/errors.ts';
import { composeParameters, families, fromMatrix, invertParameters, meanParameters, toMatrix } from './families.ts';
import type { FamilyName } from './family.ts';
import { applyPoint, chain, invert, scale, translate } from './matrix.ts';
import type { WarpFamily } from './warp.ts';

/** A family whose members are matrices, as a family of warps. */
export function matrixWarps(name: FamilyName): WarpFamily {
  const family = families[name];
  return {
    name,
    parameters: family.parameters,
    identity: family.identity,
    mapOf: (parameters, frame) => {
      const matrix = toMatrix(family, parameters, frame);
      return (x, y) => applyPoint(matrix, x, y);
    },
    inverseOf: (parameters, frame) => {
      const back = invert(toMatrix(family, parameters, frame));
      return (x, y) => ({ ...applyPoint(back, x, y), error: 0 });
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
    bound: (parameters, frame) => family.bound(parameters, frame),
    compose: (second, first) => ({ parameters: composeParameters(family, second, first), error: 0 }),
    invert: (parameters) => ({ parameters: invertParameters(family, parameters), error: 0 }),
    mean: (all) => meanParameters(family, all),
  };
}
