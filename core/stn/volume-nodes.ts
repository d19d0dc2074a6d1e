import { farthestUnit, unitCentres } from '../geometry/grid.ts';
import { GraphError } from '../graph/graph-error.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { and, cast, greaterOrEqual, lessOrEqual } from '../graph/ops/compare.ts';
import { abs, clip, floor } from '../graph/ops/elementwise.ts';
import { gatherElements } from '../graph/ops/indexing.ts';
import { matMul } from '../graph/ops/linear.ts';
import { expand, reshape, slice, transpose } from '../graph/ops/movement.ts';
import type { Builder } from '../graph/rule.ts';
import { detach, type Value } from '../graph/value.ts';
import type { VolumeSampling } from './volume.ts';

/** Indices are whole numbers in float32 until they are cast, exact up to this. */
const mostVoxels = 2 ** 24;

/**
 * Adds the sampling grid of affine maps of volumes, `[N, 3, 4]`, as places `[N, depth * height * width, 3]` (x, y, z) in
 * unit coordinates of the source, clamped to [-4, 4].
 *
 * **Convention**: maps take target to source. **Throws** a GraphError for another shape.
 */
export function volumeGridNodes(g: Builder, affine: Value, sampling: VolumeSampling): Value {
  if (affine.shape.length !== 3 || affine.shape[1] !== 3 || affine.shape[2] !== 4) {
    throw new GraphError(`A grid of a volume is made from matrices [N, 3, 4]; found [${affine.shape.join(', ')}].`);
  }
  const { depth, height, width, alignCorners } = sampling;
  const [xs, ys, zs] = [width, height, depth].map((count) => unitCentres(count, alignCorners));
  const points = new Float32Array(4 * depth * height * width);
  let to = 0;
  for (const z of zs)
    for (const y of ys)
      for (const x of xs) {
        points.set([x, y, z, 1], to);
        to += 4;
      }
  const base = g.constant(points, [to / 4, 4]);
  return clip(g, matMul(g, base, transpose(g, affine, [0, 2, 1])), { min: -farthestUnit, max: farthestUnit });
}

/**
 * Adds trilinear sampling: volumes `[N, C, D, H, W]` at places `[N, P, 3]` to `[N, C, P]`, with gradients to both. ONNX has
 * no sampler for volumes in the opsets that graphics cards run, so the eight neighbours are gathered and weighed.
 *
 * **Throws** a GraphError for other shapes and for volumes of more than 2^24 voxels.
 */
export function sampleVolumeNodes(g: Builder, volumes: Value, places: Value, sampling: VolumeSampling): Value {
  const [batch, channels, depth, height, width] = volumes.shape;
  if (volumes.shape.length !== 5 || places.shape.length !== 3 || places.shape[2] !== 3) {
    throw new GraphError(
      `Volumes are [N, C, D, H, W] and places [N, P, 3]; found [${volumes.shape.join(', ')}] and [${places.shape.join(', ')}].`,
    );
  }
  if (depth * height * width > mostVoxels) {
    throw new GraphError(
      `A volume has at most ${mostVoxels} voxels; this one has ${depth} x ${height} x ${width}. Reduce it first.`,
    );
  }
  const count = places.shape[1];
  const axes = [width, height, depth].map((size, axis) => axisNodes(g, places, axis, size, sampling));
  const flat = reshape(g, volumes, [0, channels, depth * height * width]);
  let sum: Value | undefined;
  for (const slices of axes[2])
    for (const rows of axes[1])
      for (const columns of axes[0]) {
        const line = add(g, mul(g, slices.index, height), rows.index);
        const index = add(g, mul(g, line, width), columns.index);
        const all = expand(g, cast(g, index, 'int64'), [batch, channels, count]);
        const weight = mul(g, mul(g, slices.weight, rows.weight), columns.weight);
        const part = mul(g, gatherElements(g, flat, all, 2), weight);
        sum = sum ? add(g, sum, part) : part;
      }
  if (!sum) throw new GraphError('A volume has three axes.');
  return sum;
}

/** Adds grid and sampler in one: volumes `[N, C, D, H, W]` under `[N, 3, 4]` to `[N, C, depth, height, width]`. */
export function warpVolumeNodes(g: Builder, volumes: Value, affine: Value, sampling: VolumeSampling): Value {
  const sampled = sampleVolumeNodes(g, volumes, volumeGridNodes(g, affine, sampling), sampling);
  return reshape(g, sampled, [0, volumes.shape[1], sampling.depth, sampling.height, sampling.width]);
}

interface Neighbour {
  /** `[N, 1, P]`: whole numbers within the volume, and what they count; 0 for neighbours outside. */
  readonly index: Value;
  readonly weight: Value;
}

/** The two neighbours of every place along one axis. */
function axisNodes(
  g: Builder,
  places: Value,
  axis: number,
  size: number,
  sampling: VolumeSampling,
): readonly Neighbour[] {
  const { alignCorners, padding = 'zeros' } = sampling;
  const unit = transpose(g, slice(g, places, { axes: [2], starts: [axis], ends: [axis + 1] }), [0, 2, 1]);
  const [scale, offset] = alignCorners ? [(size - 1) / 2, (size - 1) / 2] : [size / 2, (size - 1) / 2];
  const free = add(g, mul(g, unit, scale), offset);
  const at = padding === 'zeros' ? free : heldNodes(g, free, size, alignCorners, padding === 'reflection');
  const low = floor(g, detach(at));
  const high = add(g, low, 1);
  return [
    { index: clip(g, low, { min: 0, max: size - 1 }), weight: mul(g, sub(g, high, at), inside(g, low, size)) },
    { index: clip(g, high, { min: 0, max: size - 1 }), weight: mul(g, sub(g, at, low), inside(g, high, size)) },
  ];
}

function inside(g: Builder, index: Value, size: number): Value {
  return cast(g, and(g, greaterOrEqual(g, index, 0), lessOrEqual(g, index, size - 1)), 'float32');
}

/** Places at the border, or folded back inside as often as it takes. */
function heldNodes(g: Builder, at: Value, size: number, alignCorners: boolean, reflect: boolean): Value {
  const [low, span] = alignCorners ? [0, size - 1] : [-0.5, size];
  const limits = { min: 0, max: size - 1 };
  if (!reflect || span === 0) return clip(g, at, limits);
  const away = abs(g, sub(g, at, low));
  const turns = floor(g, mul(g, detach(away), 1 / span));
  const rest = sub(g, away, mul(g, turns, span));
  const odd = sub(g, turns, mul(g, floor(g, mul(g, turns, 0.5)), 2));
  return clip(g, add(g, add(g, rest, mul(g, odd, sub(g, span, mul(g, rest, 2)))), low), limits);
}
