import { add, div, max, min, mul, sub } from '../../graph/ops/arithmetic.ts';
import { and, cast, greaterOrEqual, lessOrEqual, where } from '../../graph/ops/compare.ts';
import { abs, clip, sqrt } from '../../graph/ops/elementwise.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { concat, reshape, slice, transpose } from '../../graph/ops/movement.ts';
import { shapeOf } from '../../graph/ops/run-time-shape.ts';
import { averagePool } from '../../graph/ops/pooling.ts';
import { reduceMax, reduceMin, reduceSum } from '../../graph/ops/reduce.ts';
import { gridSample } from '../../graph/ops/sample.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';

/** Longest side of the images that joint alignment works on; the levels of a pyramid follow from it. */
export const workSide = 256;

/** Images while the aligner looks at them. */
export interface ViewNodes {
  /** The images stretched to squares, `[N, C, side, side]`, and the same at half and at a quarter of the size. */
  readonly levels: readonly Value[];
  /** Width and height `[2, 1]` that the images have when their longest side is at most `workSide`. */
  readonly extent: Value;
}

/** Width and height of images `[N, C, H, W]` as they are at run time: two floats `[1]`. */
function sizeNodes(g: Builder, pixels: Value): { readonly width: Value; readonly height: Value } {
  const shape = cast(g, shapeOf(g, pixels), 'float32');
  const at = (axis: number): Value => slice(g, shape, { starts: [axis], ends: [axis + 1], axes: [0] });
  return { width: at(3), height: at(2) };
}

/** The matrix `[1, 3, 3]` from the search frame (a centred square of the image's area) to unit coordinates. */
export function searchToUnitNodes(g: Builder, pixels: Value): Value {
  const { width, height } = sizeNodes(g, pixels);
  const [zero, one] = [g.constant([0], [1]), g.constant([1], [1])];
  const x = sqrt(g, div(g, height, width));
  const y = sqrt(g, div(g, width, height));
  return reshape(g, concat(g, [x, zero, zero, zero, y, zero, zero, zero, one], 0), [1, 3, 3]);
}

/** Prepares squares `[N, C, side, side]` made from `pixels` `[N, 3, H, W]` for being looked at. */
export function viewNodes(g: Builder, pixels: Value, square: Value): ViewNodes {
  const { width, height } = sizeNodes(g, pixels);
  const shrink = min(g, div(g, workSide, max(g, width, height)), 1);
  const half = averagePool(g, square, { kernel: [2, 2], strides: [2, 2] });
  const quarter = averagePool(g, half, { kernel: [2, 2], strides: [2, 2] });
  const extent = reshape(g, mul(g, concat(g, [width, height], 0), shrink), [2, 1]);
  return { levels: [square, half, quarter], extent };
}

/** Unit coordinates `[N, size * size, 2]` of a lattice over the windows of `toUnit` `[N, 3, 3]`, moved by `shift` pixels. */
function latticeNodes(g: Builder, toUnit: Value, size: number, shift: number): Value {
  const points = new Float32Array(size * size * 3);
  for (let i = 0; i < size * size; i++) {
    const place = (index: number): number => (index + 0.5 - shift) * (2 / size) - 1;
    points.set([place(i % size), place(Math.floor(i / size)), 1], 3 * i);
  }
  const upper = slice(g, toUnit, { starts: [0], ends: [2], axes: [1] });
  return matMul(g, g.constant(points, [1, size * size, 3]), transpose(g, upper, [0, 2, 1]));
}

/**
 * Renders crops `[N, C, size, size]` of the windows of `toUnit` `[N, 3, 3]`, borders replicated, each from the level at
 * which neighbouring samples are 1 to 2 pixels apart: what `renderCrop` of joint alignment does.
 */
export function renderNodes(g: Builder, { levels, extent }: ViewNodes, toUnit: Value, size: number, shift = 0): Value {
  const points = clip(g, latticeNodes(g, toUnit, size, shift), { min: -4, max: 4 });
  const grid = reshape(g, points, [0, size, size, 2]);
  const sampled = levels.map((level) =>
    gridSample(g, level, grid, { mode: 'bilinear', paddingMode: 'border', alignCorners: false }),
  );
  const linear = mul(g, slice(g, toUnit, { starts: [0, 0], ends: [2, 2], axes: [1, 2] }), extent);
  const lengths = reduceSum(g, mul(g, linear, linear), { axes: [1], keepDims: true });
  const step = reshape(
    g,
    mul(g, reduceMax(g, lengths, { axes: [2], keepDims: true }), 1 / (size * size)),
    [0, 1, 1, 1],
  );
  const [fine, half, quarter] = sampled;
  return where(g, greaterOrEqual(g, step, 16), quarter, where(g, greaterOrEqual(g, step, 4), half, fine));
}

/** 1 for cells whose centres lie inside the image, 0 for the others: `[N, 1, cells, cells]`. */
export function maskNodes(g: Builder, toUnit: Value, cells: number): Value {
  const inside = cast(g, lessOrEqual(g, abs(g, latticeNodes(g, toUnit, cells, 0)), 1), 'float32');
  return reshape(g, reduceMin(g, inside, { axes: [2], keepDims: true }), [0, 1, cells, cells]);
}

/** Whether warps `[N, 3, 3]` are of sensible size, shape and place, as `isSane` has it: bool `[N, 1, 1]`. */
export function saneNodes(g: Builder, warps: Value): Value {
  const entry = (row: number, column: number): Value =>
    slice(g, warps, { starts: [row, column], ends: [row + 1, column + 1], axes: [1, 2] });
  const area = sub(g, mul(g, entry(0, 0), entry(1, 1)), mul(g, entry(0, 1), entry(1, 0)));
  const square = (x: Value): Value => mul(g, x, x);
  const norm = [entry(0, 0), entry(0, 1), entry(1, 0), entry(1, 1)].map(square).reduce((a, b) => add(g, a, b));
  const away = add(g, square(entry(0, 2)), square(entry(1, 2)));
  const conditions = [
    greaterOrEqual(g, area, 0.04),
    lessOrEqual(g, area, 25),
    lessOrEqual(g, norm, mul(g, area, 3 + 1 / 3)),
    lessOrEqual(g, away, 2.5 ** 2),
  ];
  return conditions.reduce((a, b) => and(g, a, b));
}
