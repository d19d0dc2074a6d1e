import { farthestUnit, regularGrid, unitCentres } from '../geometry/grid.ts';
import { basisFamily, isBasisName, startingBasis } from '../geometry/basis-family.ts';
import type { WarpName } from '../geometry/warp.ts';
import { isFamilyName, warpFamily } from '../geometry/warp-family.ts';
import { GraphError } from '../graph/graph-error.ts';
import { add, div } from '../graph/ops/arithmetic.ts';
import { clip } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/linear.ts';
import { reshape, slice, transpose } from '../graph/ops/movement.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';
import { latticeShiftNodes } from './lattice-nodes.ts';
import { keepFromZeroNodes, transformNodes, upperRows, type NodeFrame } from './transform-nodes.ts';

/** The output lattice and how it is read; grid and sampler take the same object, so that their flags cannot differ. */
export interface Sampling {
  /** Size of the output in pixels. */
  readonly width: number;
  readonly height: number;
  /** What ±1 means, in the output and in the source: outer edges (false) or centres of the corner pixels (true). */
  readonly alignCorners: boolean;
  /** Default `bilinear`. `nearest` is the integer kernel and rounds halves up; no gradient goes through it. */
  readonly kernel?: 'bilinear' | 'nearest' | 'bicubic';
  /** Default `zeros`. */
  readonly padding?: 'zeros' | 'border' | 'reflection';
}

/** Where each output pixel comes from, `[N, height, width, 2]` in unit coordinates, with the flags it was made for. */
export interface SamplingGrid {
  readonly value: Value;
  readonly sampling: Sampling;
}

/** Adds the constant lattice of target points (x, y, 1), `[height * width, 3]`, row by row. */
function baseGrid(g: Builder, { width, height, alignCorners }: Sampling): Value {
  const columns = unitCentres(width, alignCorners);
  const rows = unitCentres(height, alignCorners);
  const points = new Float32Array(width * height * 3);
  let to = 0;
  for (const y of rows) {
    for (const x of columns) {
      points[to++] = x;
      points[to++] = y;
      points[to++] = 1;
    }
  }
  return g.constant(points, [width * height, 3]);
}

/**
 * Adds the sampling grid of unit matrices: `[N, 2, 3]` for affine maps; `[N, 3, 3]` for any, divided by w, which is kept
 * away from 0. Coordinates are clamped to [-4, 4].
 *
 * **Convention**: matrices map target to source. **Throws** a GraphError for another shape.
 */
export function gridNodes(g: Builder, matrix: Value, sampling: Sampling): SamplingGrid {
  const [, rows, columns] = matrix.shape;
  if (matrix.shape.length !== 3 || columns !== 3 || (rows !== 2 && rows !== 3)) {
    throw new GraphError(`A grid is made from matrices [N, 2, 3] or [N, 3, 3]; found [${matrix.shape.join(', ')}].`);
  }
  const mapped = matMul(g, baseGrid(g, sampling), transpose(g, matrix, [0, 2, 1]));
  const points = rows === 2 ? mapped : divideByW(g, mapped);
  const value = reshape(g, clampGrid(g, points), [0, sampling.height, sampling.width, 2]);
  return { value, sampling };
}

/**
 * Adds the sampling grid of a family's transforms with parameters `[N, K]`, agreeing with `mapGrid` of `toMatrix` and with
 * `warpGrid` to 1e-6 before rounding. Single precision adds up to 1e-5 of its own where large entries cancel or w is small.
 *
 * **Throws** a GraphError for a number of parameters that the family does not have.
 */
export function familyGrid(
  g: Builder,
  family: WarpName,
  parameters: Value,
  sampling: Sampling,
  frame: NodeFrame = {},
): SamplingGrid {
  const expected = warpFamily(family).identity.length;
  if (parameters.shape.length !== 2 || parameters.shape[1] !== expected) {
    throw new GraphError(
      `The family '${family}' has ${expected} parameters [N, ${expected}]; found [${parameters.shape.join(', ')}].`,
    );
  }
  if (isBasisName(family)) {
    const { width, height, alignCorners } = sampling;
    const { rows } = basisFamily(family);
    const basis = startingBasis(basisFamily(family), width, height, alignCorners);
    return basisGrid(g, parameters, g.constant(basis, [rows, height * width]), sampling);
  }
  if (!isFamilyName(family)) return shiftedGrid(g, latticeShiftNodes(g, family, parameters, sampling), sampling);
  const matrix = transformNodes(g, family, parameters, frame);
  const bends = family === 'projective' || family === 'projective-lie';
  return gridNodes(g, bends ? matrix : upperRows(g, matrix), sampling);
}

/**
 * Adds the grid that shifts every pixel of the crop by a displacement of its own, `[N, height * width, 2]` or
 * `[N, height, width, 2]` in half images: a flow that is given, not regressed.
 */
export function shiftedGrid(g: Builder, shifts: Value, sampling: Sampling): SamplingGrid {
  const { width, height } = sampling;
  const base = regularGrid(width, height, sampling.alignCorners);
  const moved = add(g, reshape(g, shifts, [0, height, width, 2]), g.constant(base, [1, height, width, 2]));
  return { value: clampGrid(g, moved), sampling };
}

/** Adds a grid that is given as it is, `[N, height, width, 2]` in unit coordinates of the source. */
export function givenGrid(g: Builder, places: Value, sampling: Sampling): SamplingGrid {
  const { width, height } = sampling;
  if (places.shape.length !== 4 || places.shape[1] !== height || places.shape[2] !== width || places.shape[3] !== 2) {
    throw new GraphError(`A given grid has the shape [N, ${height}, ${width}, 2]; found [${places.shape.join(', ')}].`);
  }
  return { value: clampGrid(g, places), sampling };
}

/**
 * Adds the grid of warps that are linear in their parameters: M B with M `[N, 2 * rows]` and a basis B
 * `[rows, height * width]`, which may be learned. Agrees with the plain `basisGrid`.
 */
export function basisGrid(g: Builder, parameters: Value, basis: Value, sampling: Sampling): SamplingGrid {
  const [rows] = basis.shape;
  const places = matMul(g, reshape(g, parameters, [0, 2, rows]), basis);
  const value = reshape(g, transpose(g, places, [0, 2, 1]), [0, sampling.height, sampling.width, 2]);
  return { value: clampGrid(g, value), sampling };
}

/** Pulls unit coordinates into [-4, 4]: ONNX Runtime turns huge ones into plausible pixels. No gradient passes beyond. */
function clampGrid(g: Builder, grid: Value): Value {
  return clip(g, grid, { min: -farthestUnit, max: farthestUnit });
}

/** (x, y, w) to (x / w, y / w), with w out of (-1e-6, 1e-6), its sign kept. */
function divideByW(g: Builder, points: Value): Value {
  const xy = slice(g, points, { starts: [0], ends: [2], axes: [2] });
  const w = slice(g, points, { starts: [2], ends: [3], axes: [2] });
  return div(g, xy, keepFromZeroNodes(g, w));
}
