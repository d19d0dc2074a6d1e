import { chain, type Matrix3 } from '../../geometry/matrix.ts';
import { cellVelocities, warpOf, type AlignFamily } from './generators.ts';

/** The lattice on which one Lucas-Kanade stage works. */
export interface Lattice {
  readonly cells: number;
  readonly channels: number;
  /** Half-size of the canonical window. */
  readonly zoom: number;
  readonly window: Float32Array;
  readonly family: AlignFamily;
  readonly velocities: Float64Array;
  readonly parameters: number;
}

/** Prepares a lattice for a family, a window and a zoom. */
export function createLattice(
  family: AlignFamily,
  cells: number,
  channels: number,
  zoom: number,
  window: Float32Array,
): Lattice {
  const velocities = cellVelocities(family, cells);
  return { cells, channels, zoom, window, family, velocities, parameters: velocities.length / (2 * cells * cells) };
}

const damping = 0.01;
const largestStep = 0.15;
const robustness = 1;

/**
 * One efficient second-order minimisation step of an image's warp towards a template.
 *
 * `template` `[channels, cells, cells]`; the image's map starts at `offset` of `maps`, its mask at `maskOffset`. Returns the
 * new warp, or null when the normal equations have no solution. **Source**: S. Benhimane, E. Malis, IROS 2004.
 */
export function stepTowards(
  lattice: Lattice,
  template: Float32Array,
  maps: Float32Array,
  offset: number,
  masks: Float32Array,
  maskOffset: number,
  warp: Matrix3,
): Matrix3 | null {
  const tensor = structureTensor(lattice, template, maps, offset);
  const solution = solveStep(lattice, tensor, masks, maskOffset);
  if (solution === null) return null;
  const norm = Math.hypot(...solution);
  if (norm > largestStep) for (let k = 0; k < solution.length; k++) solution[k] *= largestStep / norm;
  const z = lattice.zoom;
  return chain(warp, [z, 0, 0, 0, z, 0, 0, 0, 1], warpOf(lattice.family, solution), [
    1 / z,
    0,
    0,
    0,
    1 / z,
    0,
    0,
    0,
    1,
  ]);
}

/** Per cell: xx, xy, yy of the gradients' outer product, x and y of gradient times residual, |residual|^2, |template|^2. */
type Tensor = readonly [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];

function structureTensor(lattice: Lattice, template: Float32Array, maps: Float32Array, offset: number): Tensor {
  const { cells, channels } = lattice;
  const plane = cells * cells;
  const make = (): Float64Array => new Float64Array(plane);
  const tensor: Tensor = [make(), make(), make(), make(), make(), make(), make()];
  const [xx, xy, yy, xr, yr, rr, tt] = tensor;
  /* Half the sum of both gradients, central differences over a spacing of 2 / cells. */
  const factor = cells / 8;
  for (let row = 1; row < cells - 1; row++)
    for (let c = 0; c < channels; c++) {
      const first = row * cells + 1;
      let t = c * plane + first;
      let m = offset + t;
      for (let i = first; i < first + cells - 2; i++, t++, m++) {
        const here = template[t];
        const r = here - maps[m];
        const gx = (template[t + 1] - template[t - 1] + (maps[m + 1] - maps[m - 1])) * factor;
        const gy = (template[t + cells] - template[t - cells] + (maps[m + cells] - maps[m - cells])) * factor;
        xx[i] += gx * gx;
        xy[i] += gx * gy;
        yy[i] += gy * gy;
        xr[i] += gx * r;
        yr[i] += gy * r;
        rr[i] += r * r;
        tt[i] += here * here;
      }
    }
  return tensor;
}

function solveStep(lattice: Lattice, tensor: Tensor, masks: Float32Array, maskOffset: number): Float64Array | null {
  const { cells, velocities, parameters, window } = lattice;
  const [xx, xy, yy, xr, yr, rr, tt] = tensor;
  const plane = cells * cells;
  let [energy, total] = [1e-12, 1e-12];
  for (let i = 0; i < plane; i++) {
    energy += window[i] * tt[i];
    total += window[i];
  }
  const mean = energy / total;
  const normal = new Float64Array(parameters * parameters);
  const right = new Float64Array(parameters);
  for (let row = 1; row < cells - 1; row++)
    for (let i = row * cells + 1, end = i + cells - 2; i < end; i++) {
      const m = maskOffset + i;
      if (masks[m] * masks[m - 1] * masks[m + 1] * masks[m - cells] * masks[m + cells] === 0) continue;
      const robust = 1 + rr[i] / (robustness * robustness);
      const w = (window[i] * (0.1 + tt[i] / mean)) / (robust * robust);
      for (let k = 0; k < parameters; k++) {
        const vx = velocities[k * 2 * plane + i];
        const vy = velocities[(k * 2 + 1) * plane + i];
        right[k] += w * (vx * xr[i] + vy * yr[i]);
        const ax = w * (vx * xx[i] + vy * xy[i]);
        const ay = w * (vx * xy[i] + vy * yy[i]);
        for (let l = 0; l <= k; l++)
          normal[k * parameters + l] += ax * velocities[l * 2 * plane + i] + ay * velocities[(l * 2 + 1) * plane + i];
      }
    }
  for (let k = 0; k < parameters; k++) normal[k * parameters + k] *= 1 + damping;
  return solveSymmetric(normal, right, parameters);
}

/** Solves H d = b by Cholesky's method from the lower triangle of H; null when H is not positive definite. */
export function solveSymmetric(lower: Float64Array, right: Float64Array, n: number): Float64Array | null {
  const l = lower.slice();
  const d = right.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = l[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i !== j) l[i * n + j] = sum / l[j * n + j];
      else if (sum > 1e-12 * lower[i * n + i] && sum > 0) l[i * n + i] = Math.sqrt(sum);
      else return null;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) d[i] -= l[i * n + k] * d[k];
    d[i] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) d[i] -= l[k * n + i] * d[k];
    d[i] /= l[i * n + i];
  }
  return d.every(Number.isFinite) ? d : null;
}
