import { add, div, min, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast, greater } from '../../graph/ops/compare.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { sqrt } from '../../graph/ops/elementwise.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { concat, reshape, slice, transpose } from '../../graph/ops/movement.ts';
import { reduceSum } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import { algebraOf, cellVelocities, type AlignFamily } from '../congeal/generators.ts';
import type { WindowTemplate } from '../congeal/learned.ts';
import { cellEnergy, gaussianWindow } from '../congeal/template.ts';
import { solveNodes } from './solve-nodes.ts';
import { shrinkNodes } from './shrink-nodes.ts';

const damping = 0.01;
const largestStep = 0.15;
const tiny = 1e-9;

/** Feature maps `[N, C, cells, cells]` and masks of cells inside the images `[N, 1, cells, cells]`. */
export interface DescribedNodes {
  readonly maps: Value;
  readonly masks: Value;
}

/**
 * Prepares Lucas-Kanade steps towards a template: what it returns takes the warps `[N, 3, 3]` and the images described
 * at these warps to the new warps.
 *
 * The same arithmetic as `stepTowards` of joint alignment, as nodes: normal equations as two products with constant
 * matrices, solved by elimination.
 * **Source**: S. Benhimane, E. Malis, IROS 2004.
 */
export function createRefiner(
  g: Builder,
  { template, stage }: WindowTemplate,
): (warps: Value, described: DescribedNodes) => Value {
  const { channels, cells, maps } = template;
  const inner = cells - 2;
  const plane = inner * inner;
  const target = g.constant(maps, [1, channels, cells, cells]);
  const weight = g.constant(innerWeight(maps, channels, cells, stage.sigma), [1, 1, inner, inner]);
  const { normal, right } = assemblers(stage.family, cells);
  const parameters = right.length / (2 * plane);
  const toNormal = g.constant(normal, [3 * plane, parameters * parameters]);
  const toRight = g.constant(right, [2 * plane, parameters]);
  const cut = (x: Value, row: number, column: number) =>
    slice(g, x, { starts: [row, column], ends: [row + inner, column + inner], axes: [2, 3] });
  const channelSum = (a: Value, b: Value) => reduceSum(g, mul(g, a, b), { axes: [1], keepDims: true });
  return (warps, { maps: seen, masks }) => {
    const residual = sub(g, cut(target, 1, 1), cut(seen, 1, 1));
    const both = mul(g, add(g, target, seen), cells / 8);
    const gx = sub(g, cut(both, 1, 2), cut(both, 1, 0));
    const gy = sub(g, cut(both, 2, 1), cut(both, 0, 1));
    const robust = add(g, channelSum(residual, residual), 1);
    const weights = div(g, mul(g, insideNodes(g, masks), weight), mul(g, robust, robust));
    const weighted = (a: Value, b: Value) => reshape(g, mul(g, channelSum(a, b), weights), [0, plane]);
    const tensor = concat(g, [weighted(gx, gx), weighted(gx, gy), weighted(gy, gy)], 1);
    const pull = concat(g, [weighted(gx, residual), weighted(gy, residual)], 1);
    const matrix = reshape(g, matMul(g, tensor, toNormal), [0, parameters, parameters]);
    const vector = reshape(g, matMul(g, pull, toRight), [0, parameters, 1]);
    const step = limit(g, solveNodes(g, matrix, vector, parameters));
    return shrinkNodes(g, matMul(g, warps, exponential(g, step, stage.family, stage.zoom)), stage.shrink);
  };
}

/** 1 for inner cells that lie inside the image with their four neighbours: `[N, 1, cells - 2, cells - 2]`. */
function insideNodes(g: Builder, masks: Value): Value {
  const cross = Float32Array.of(0, 0.2, 0, 0.2, 0.2, 0.2, 0, 0.2, 0);
  return cast(g, greater(g, conv(g, masks, g.constant(cross, [1, 1, 3, 3]), null), 0.99), 'float32');
}

/** Window times (0.1 + |T|^2 / mean |T|^2) on the inner cells; the mean is over all cells, borders counting as empty. */
function innerWeight(maps: Float32Array, channels: number, cells: number, sigma: number): Float32Array {
  const inner = cells - 2;
  const window = gaussianWindow(cells, sigma);
  const { energy } = cellEnergy(maps, 0, channels, window);
  const place = (i: number): number => (Math.floor(i / inner) + 1) * cells + (i % inner) + 1;
  const total = window.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (let i = 0; i < inner * inner; i++) sum += window[place(i)] * energy[place(i)];
  const mean = Math.max(sum / total, 1e-12);
  return Float32Array.from({ length: inner * inner }, (_, i) => window[place(i)] * (0.1 + energy[place(i)] / mean));
}

/** Constant matrices that take weighted structure tensors to normal equations, and weighted pulls to right-hand sides. */
function assemblers(family: AlignFamily, cells: number): { normal: Float32Array; right: Float32Array } {
  const inner = cells - 2;
  const plane = inner * inner;
  const all = cells * cells;
  const v = cellVelocities(family, cells);
  const k = v.length / (2 * all);
  const normal = new Float32Array(3 * plane * k * k);
  const right = new Float32Array(2 * plane * k);
  for (let i = 0; i < plane; i++) {
    const cell = (Math.floor(i / inner) + 1) * cells + (i % inner) + 1;
    for (let a = 0; a < k; a++) {
      const [ax, ay] = [v[2 * a * all + cell], v[(2 * a + 1) * all + cell]];
      right[i * k + a] = ax;
      right[(plane + i) * k + a] = ay;
      for (let b = 0; b < k; b++) {
        const [bx, by] = [v[2 * b * all + cell], v[(2 * b + 1) * all + cell]];
        const damped = a === b ? 1 + damping : 1;
        normal[(i * k + a) * k + b] = damped * ax * bx;
        normal[((plane + i) * k + a) * k + b] = damped * (ax * by + ay * bx);
        normal[((2 * plane + i) * k + a) * k + b] = damped * ay * by;
      }
    }
  }
  return { normal, right };
}

function limit(g: Builder, step: Value): Value {
  const norm = sqrt(g, add(g, reduceSum(g, mul(g, step, step), { axes: [1], keepDims: true }), tiny * tiny));
  return mul(g, step, min(g, div(g, largestStep, norm), 1));
}

/** zoom exp(sum d_k G_k) zoom^-1 for steps `[N, K, 1]`, by its Taylor series: steps are short. */
function exponential(g: Builder, step: Value, family: AlignFamily, zoom: number): Value {
  const algebra = algebraOf(family);
  const size = algebra.length / 9;
  const scaled = Float32Array.from(algebra, (value, i) => {
    const [row, column] = [Math.floor((i % 9) / 3), i % 3];
    return value * (row < 2 && column === 2 ? zoom : row === 2 && column < 2 ? 1 / zoom : 1);
  });
  const a = reshape(g, matMul(g, transpose(g, step, [0, 2, 1]), g.constant(scaled, [size, 9])), [0, 3, 3]);
  const identity = g.constant(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), [1, 3, 3]);
  let sum = add(g, identity, mul(g, a, 1 / 5));
  for (let order = 4; order >= 1; order--) sum = add(g, identity, mul(g, matMul(g, a, sum), 1 / order));
  return sum;
}
