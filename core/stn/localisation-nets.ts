import type { Random } from '../geometry/random.ts';
import type { WarpName } from '../geometry/warp.ts';
import { warpFamily } from '../geometry/warp-family.ts';
import { GraphError } from '../graph/graph-error.ts';
import { add } from '../graph/ops/arithmetic.ts';
import { matMul } from '../graph/ops/linear.ts';
import { reshape } from '../graph/ops/movement.ts';
import { softmax } from '../graph/ops/reduce.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';
import { createNetwork, type Layer, type Network } from './layers.ts';

/** Layers of the localisation networks that regress a transform's parameters, without the last one. */
const regressors = {
  /** The classical 20 tanh units on small images. */
  dense: [{ kind: 'dense', units: 20, activation: 'tanh' }],
  /** Two convolutions of 20 5 x 5 filters with pooling before each, then 50 units. */
  convolutional: [
    { kind: 'pool', size: 2 },
    { kind: 'conv', channels: 20, kernel: 5 },
    { kind: 'pool', size: 2 },
    { kind: 'conv', channels: 20, kernel: 5 },
    { kind: 'dense', units: 50 },
  ],
  /** The published co-localisation network: 5,947 parameters for one 84 x 84 channel and three outputs. */
  colocalisation: [
    { kind: 'conv', channels: 8, kernel: 9, stride: 4 },
    { kind: 'pool', size: 2 },
    { kind: 'dense', units: 8 },
    { kind: 'dense', units: 8 },
  ],
} as const satisfies Record<string, readonly Layer[]>;

/** Names of the regression networks. */
export type RegressorName = keyof typeof regressors;

/** What a localisation network looks at: `[C, H, W]`. */
export type InputShape = readonly [channels: number, height: number, width: number];

/**
 * Makes a localisation network that regresses a family's parameters `[N, K]` from images `[N, C, H, W]`.
 *
 * Its last layer starts with zero weights and `start` as bias (the family's identity by default), so training starts as a
 * plain crop. `layers` may also be a list of layers of one's own. Names of parameters begin with `prefix`.
 */
export function regressionNet(
  layers: RegressorName | readonly Layer[],
  family: WarpName,
  input: InputShape,
  random: Random,
  start: readonly number[] = warpFamily(family).identity,
  prefix = 'locate',
): Network {
  const before = typeof layers === 'string' ? regressors[layers] : layers;
  const units = warpFamily(family).identity.length;
  return createNetwork([...before, { kind: 'dense', units }], { prefix, input, random, lastBias: start });
}

/** What a heat-map network says about each image. */
interface HeatMap {
  /** Scores of all cells before softmax, `[N, 1, rows, columns]`. */
  readonly scores: Value;
  /** Share of attention of each cell, `[N, rows * columns]`, row by row, sum 1. */
  readonly attention: Value;
  /** Expected place of the object, `[N, 2]`: x, y in unit coordinates of the image. */
  readonly centre: Value;
}

/** A network whose output is a map of where the object is. */
export interface HeatMapNet extends Omit<Network, 'apply'> {
  /** Size of its map. */
  readonly rows: number;
  readonly columns: number;
  /** Unit coordinates of the cells' centres, `[rows * columns, 2]`, x before y. **Convention**: outer edges are ±1. */
  readonly centres: Float32Array;
  /** Adds the network's nodes for images `[N, C, H, W]`. */
  apply(g: Builder, images: Value, parameters: Readonly<Record<string, Value>>): HeatMap;
}

/** Distance of the heat map's cells in pixels. */
const stride = 4;

/**
 * Makes the heat-map localisation network: conv 16 9x9 stride 4, conv 32 5x5, conv 1 5x5, softmax over the cells. Cell
 * (i, j) looks at a neighbourhood of the pixel in column 4 i and row 4 j, and is placed at that pixel's centre.
 *
 * `lastScale` multiplies the seeded weights of the last layer: with 0 (the default) training starts from the centre of
 * every image.
 */
export function heatMapNet(input: InputShape, random: Random, lastScale = 0): HeatMapNet {
  const [, height, width] = input;
  const layers: readonly Layer[] = [
    { kind: 'conv', channels: 16, kernel: 9, stride, padding: 4 },
    { kind: 'conv', channels: 32, kernel: 5, padding: 2 },
    { kind: 'conv', channels: 1, kernel: 5, padding: 2 },
  ];
  const network = createNetwork(layers, { prefix: 'heat', input, random });
  const last = network.initial['heat.3.weight'];
  if (last.dtype !== 'float32') throw new GraphError(`Weights are float32; found ${last.dtype}.`);
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const centres = new Float32Array(rows * columns * 2);
  for (let cell = 0; cell < rows * columns; cell++) {
    centres[2 * cell] = (2 * (stride * (cell % columns) + 0.5)) / width - 1;
    centres[2 * cell + 1] = (2 * (stride * Math.floor(cell / columns) + 0.5)) / height - 1;
  }
  return {
    initial: { ...network.initial, 'heat.3.weight': { ...last, data: last.data.map((value) => value * lastScale) } },
    rows,
    columns,
    centres,
    apply: (g, images, parameters) => {
      const scores = network.apply(g, images, parameters);
      const attention = softmax(g, reshape(g, scores, [0, rows * columns]), 1);
      const centre = matMul(g, attention, g.constant(centres, [rows * columns, 2]));
      return { scores, attention, centre };
    },
  };
}

/** Adds attention parameters `[N, 3]` (scale, x, y) for crops of one fixed half-size around centres `[N, 2]`. */
export function attentionAt(g: Builder, centre: Value, scale: number): Value {
  const spread = matMul(g, centre, g.constant(Float32Array.of(0, 1, 0, 0, 0, 1), [2, 3]));
  return add(g, spread, g.constant(Float32Array.of(scale, 0, 0), [1, 3]));
}
