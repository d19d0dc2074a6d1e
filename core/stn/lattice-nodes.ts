import { unitCentres } from '../geometry/grid.ts';
import { latticeFamily, type LatticeFamily, type LatticeName } from '../geometry/lattice-family.ts';
import { piecewise, type Beyond } from '../geometry/piecewise.ts';
import { sub } from '../graph/ops/arithmetic.ts';
import { matMul } from '../graph/ops/linear.ts';
import { reshape, transpose } from '../graph/ops/movement.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';

/** The crop whose pixels are asked where they come from. */
interface Crop {
  readonly width: number;
  readonly height: number;
  readonly alignCorners: boolean;
}

/**
 * Adds how far warps with control points `[N, 2 K]` shift each pixel of the crop, `[N, height * width, 2]` in half images.
 * What is shifted are control points away from their lattice, so that the identity is exact to the last bit.
 */
export function latticeShiftNodes(g: Builder, name: LatticeName, parameters: Value, crop: Crop): Value {
  const family = latticeFamily(name);
  const count = family.identity.length / 2;
  const moved = family.identity.some((value) => value !== 0)
    ? sub(g, parameters, g.constant(Float32Array.from(family.identity), [1, 2 * count]))
    : parameters;
  if (name.startsWith('tps')) {
    const weights = latticeWeights(family, crop);
    return matMul(g, g.constant(weights, [weights.length / count, count]), reshape(g, moved, [0, count, 2]));
  }
  return alongBothAxes(g, family, reshape(g, moved, [0, family.rows, family.columns, 2]), crop);
}

/** Weights of the control points at every pixel of the crop, `[height * width, K]`. */
function latticeWeights({ cardinals }: LatticeFamily, { width, height, alignCorners }: Crop): Float32Array {
  const count = cardinals.points.length;
  const weights = new Float32Array(width * height * count);
  const columns = unitCentres(width, alignCorners);
  let to = 0;
  for (const y of unitCentres(height, alignCorners))
    for (const x of columns) {
      weights.set(cardinals.weights(x, y), to);
      to += count;
    }
  return weights;
}

/** Piecewise maps blend along one axis after the other: two small products instead of one with a weight per pair. */
function alongBothAxes(g: Builder, family: LatticeFamily, shifts: Value, { width, height, alignCorners }: Crop): Value {
  const flows = family.name.startsWith('flow');
  const blend = (from: number, to: number): Value => {
    const [places, beyond] = [unitCentres(from, !flows), (flows ? 'level' : 'straight') satisfies Beyond] as const;
    const line = piecewise(places, [0], beyond);
    const rows = [...unitCentres(to, alignCorners)].map((x) => [...line.weights(x, 0)]);
    return g.constant(Float32Array.from(rows.flat()), [to, from]);
  };
  const planes = transpose(g, shifts, [0, 3, 1, 2]);
  const down = matMul(g, blend(family.rows, height), planes);
  const across = matMul(g, blend(family.columns, width), transpose(g, down, [0, 1, 3, 2]));
  /* [N, 2, width, height] to [N, height * width, 2]. */
  return reshape(g, transpose(g, across, [0, 3, 2, 1]), [0, height * width, 2]);
}
