import { createRandom } from '../../core/geometry/random.ts';
import { backward } from '../../core/graph/backward.ts';
import { GraphBuilder } from '../../core/graph/builder.ts';
import { crossEntropy } from '../../core/graph/ops/loss.ts';
import { reshape } from '../../core/graph/ops/movement.ts';
import { reduceMean } from '../../core/graph/ops/reduce.ts';
import { add, mul } from '../../core/graph/ops/arithmetic.ts';
import { adam, adamState } from '../../core/graph/optimisers.ts';
import { type Lesson, wholeStep } from '../../core/graph/step-in-halves.ts';
import { elementCount, float32, type Tensor } from '../../core/graph/tensor.ts';
import type { Graph, Value } from '../../core/graph/value.ts';
import { createNetwork, parameterInputs, type Layer } from '../../core/stn/layers.ts';
import { warpNodes } from '../../core/stn/sampler-nodes.ts';

/** What is trained, the state before its first step, and the feeds of every step but `rate` and `step`. */
export interface TrainingTask {
  /** The training step as one graph. */
  readonly graph: Graph;
  /** What a stepper is opened on: the graph, or a lesson where halves of a batch do not know of each other. */
  readonly model: Graph | Lesson;
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly state: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

const batch = 64;
const side = 60;
const cropSide = 20;
const classes = 10;

const locate: readonly Layer[] = [
  { kind: 'pool', size: 2 },
  { kind: 'conv', channels: 20, kernel: 5, activation: 'none' },
  { kind: 'pool', size: 2 },
  { kind: 'conv', channels: 20, kernel: 5, activation: 'none' },
  { kind: 'dense', units: 50 },
  { kind: 'dense', units: 6 },
];

const classify: readonly Layer[] = [
  { kind: 'conv', channels: 32, kernel: 3, padding: 1 },
  { kind: 'pool', size: 2 },
  { kind: 'conv', channels: 32, kernel: 3 },
  { kind: 'pool', size: 2 },
  { kind: 'dense', units: 256 },
  { kind: 'dense', units: classes },
];

/**
 * The reference network: batch 64 of 60 x 60 images, a localisation network, an affine transformer to 20 x 20 with aligned
 * corners, a small classifier, cross entropy, Adam.
 */
export function referenceTask(seed = 1): TrainingTask {
  const random = createRandom(seed);
  const finder = createNetwork(locate, {
    ...{ prefix: 'locate', input: [1, side, side], random },
    lastBias: [0.9, 0, 0, 0, 0.9, 0],
  });
  const namer = createNetwork(classify, { prefix: 'classify', input: [1, cropSide, cropSide], random });
  const initial = { ...finder.initial, ...namer.initial };
  const model: Lesson = {
    batch,
    parameters: initial,
    loss: (g, parameters, count) => {
      const images = g.input('images', [count, 1, side, side]);
      const theta = reshape(g, finder.apply(g, images, parameters), [count, 2, 3]);
      const crops = warpNodes(g, images, theta, { width: cropSide, height: cropSide, alignCorners: true });
      return crossEntropy(g, namer.apply(g, crops, parameters), g.input('labels', [count, classes]));
    },
    update: adam,
  };
  const labels = new Float32Array(batch * classes);
  for (let n = 0; n < batch; n++) labels[n * classes + (n % classes)] = 1;
  const draws = random.fork('images');
  const shifts = Array.from({ length: batch }, () => draws.uniform(0, 6));
  const shapes = Float32Array.from({ length: batch * side * side }, (_, i) => {
    const [n, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    return 0.5 + 0.5 * Math.sin((x * (1 + (n % classes)) + 4 * y) / 40 + shifts[n]);
  });
  return {
    ...{ graph: wholeStep(model), model },
    parameters: initial,
    state: adamState(initial),
    feeds: { images: float32(shapes, [batch, 1, side, side]), labels: float32(labels, [batch, classes]) },
  };
}

const mapsShape = [16, 64, 32, 32] as const;

/**
 * A transformer in mid-network: 64 channels of 32 x 32. What it samples comes from maps by learned factors, one a channel, and
 * where from transforms plus a learned one, so that both gradients are taken.
 */
export function layerTask(seed = 1): TrainingTask {
  const [samples, channels, rows, columns] = mapsShape;
  const { maps, theta, weights } = mapsAndTransforms(seed);
  const initial = {
    factors: float32(new Float32Array(channels).fill(1), [1, channels, 1, 1]),
    shared: float32(new Float32Array(6), [1, 2, 3]),
  };
  const model: Lesson = {
    batch: samples,
    parameters: initial,
    loss: (g, parameters, count) => {
      const seen = mul(g, g.input('maps', [count, channels, rows, columns]), parameters['factors']);
      const where = add(g, g.input('theta', [count, 2, 3]), parameters['shared']);
      return sampledLoss(g, seen, where);
    },
    update: adam,
  };
  return {
    ...{ graph: wholeStep(model), model },
    parameters: initial,
    state: adamState(initial),
    feeds: { maps, theta, weights },
  };
}

/** The same sampler alone: the maps and transforms themselves are learned, 1,048,672 numbers with as many moments twice. */
export function samplerTask(seed = 1): TrainingTask {
  const { weights, ...initial } = mapsAndTransforms(seed);
  const g = new GraphBuilder();
  const parameters = parameterInputs(g, initial);
  const loss = sampledLoss(g, parameters['maps'], parameters['theta']);
  const gradients = backward(g, loss, Object.values(parameters));
  adam(g, parameters, gradients, { learningRate: g.input('rate', []), step: g.input('step', []) });
  g.output('loss', loss);
  const graph = g.build();
  return { ...{ graph, model: graph }, parameters: initial, state: adamState(initial), feeds: { weights } };
}

/** The mean square of what is sampled, each number with a weight of its own. */
function sampledLoss(g: GraphBuilder, maps: Value, theta: Value): Value {
  const crops = warpNodes(g, maps, theta, { width: mapsShape[3], height: mapsShape[2], alignCorners: true });
  return reduceMean(g, mul(g, mul(g, crops, crops), g.input('weights', maps.shape)));
}

function mapsAndTransforms(seed: number): Record<'maps' | 'theta' | 'weights', Tensor> {
  const random = createRandom(seed);
  const draw = (): Tensor =>
    float32(
      Float32Array.from({ length: elementCount(mapsShape) }, () => random.normal()),
      mapsShape,
    );
  const turns = Array.from({ length: mapsShape[0] }, (_, n) => 0.1 * (n - mapsShape[0] / 2)).flatMap((angle) => [
    ...[Math.cos(angle), -Math.sin(angle), 0.1],
    ...[Math.sin(angle), Math.cos(angle), -0.05],
  ]);
  return { maps: draw(), theta: float32(turns, [mapsShape[0], 2, 3]), weights: draw() };
}
