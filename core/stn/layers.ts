import type { Random } from '../geometry/random.ts';
import { GraphError } from '../graph/graph-error.ts';
import { add } from '../graph/ops/arithmetic.ts';
import { conv } from '../graph/ops/convolution.ts';
import { relu, tanh } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/linear.ts';
import { flatten } from '../graph/ops/movement.ts';
import { maxPool } from '../graph/ops/pooling.ts';
import type { Builder } from '../graph/rule.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { DType } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';

/** What follows a layer; default `relu`. */
type Activation = 'relu' | 'tanh' | 'none';

/** One layer of a network. Sizes are those of square kernels; `pool` is maximum pooling without overlap. */
export type Layer =
  | {
      readonly kind: 'conv';
      readonly channels: number;
      readonly kernel: number;
      readonly stride?: number | undefined;
      readonly padding?: number | undefined;
      readonly activation?: Activation | undefined;
    }
  | { readonly kind: 'pool'; readonly size: number }
  | { readonly kind: 'dense'; readonly units: number; readonly activation?: Activation | undefined };

/** A network as data: its untrained parameters, and how to add its nodes. */
export interface Network {
  /** Untrained parameters by name, in the order of the layers. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /** Adds the network's nodes for images `[N, C, H, W]`; `parameters` holds a value for every name in `initial`. */
  apply(g: Builder, images: Value, parameters: Readonly<Record<string, Value>>): Value;
}

/** How a network is named and begins. */
export interface NetworkOptions {
  /** What its parameters' names begin with, e.g. `locate`. */
  readonly prefix: string;
  /** What the first layer takes: `[C, H, W]`. */
  readonly input: readonly [channels: number, height: number, width: number];
  readonly random: Random;
  /** The last layer starts with zero weights and this bias (one number per output); without it, like every other. */
  readonly lastBias?: readonly number[];
}

/**
 * Makes a network from a list of layers, with seeded weights: variance 2 / inputs before relu, 1 / inputs otherwise, biases 0.
 *
 * **Throws** a GraphError when a layer does not fit what comes before it, or `lastBias` the last layer.
 * **Source**: K. He et al., "Delving deep into rectifiers", 2015.
 */
export function createNetwork(layers: readonly Layer[], options: NetworkOptions): Network {
  const initial: Record<string, Tensor> = {};
  let shape = options.input;
  layers.forEach((layer, i) => {
    const [channels, height, width] = shape;
    if (layer.kind === 'conv') {
      const weights = [layer.channels, channels, layer.kernel, layer.kernel];
      addParameters(initial, layers, i, weights, channels * layer.kernel ** 2, layer.channels, options);
    } else if (layer.kind === 'dense') {
      const inputs = channels * height * width;
      addParameters(initial, layers, i, [inputs, layer.units], inputs, layer.units, options);
    }
    shape = layerOutput(layer, shape);
    if (!shape.every((size) => size >= 1)) {
      throw new GraphError(
        `Layer ${i + 1} (${layer.kind}) of '${options.prefix}' leaves nothing of an input of ${channels} x ${height} x ${width}: use larger images or fewer layers.`,
      );
    }
  });
  return { initial, apply: (g, images, parameters) => applyLayers(g, images, layers, options.prefix, parameters) };
}

/** The shape that a layer makes of one image `[C, H, W]`; a size below 1 says that nothing is left. */
export function layerOutput(
  layer: Layer,
  [channels, height, width]: NetworkOptions['input'],
): readonly [channels: number, height: number, width: number] {
  if (layer.kind === 'dense') return [layer.units, 1, 1];
  if (layer.kind === 'pool') return [channels, Math.floor(height / layer.size), Math.floor(width / layer.size)];
  const { kernel, padding = 0, stride = 1 } = layer;
  const across = (size: number): number => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return [layer.channels, across(height), across(width)];
}

function activationOf(layer: Exclude<Layer, { kind: 'pool' }>, last: boolean): Activation {
  return layer.activation ?? (last ? 'none' : 'relu');
}

function addParameters(
  into: Record<string, Tensor>,
  layers: readonly Layer[],
  index: number,
  shape: readonly number[],
  inputs: number,
  outputs: number,
  { prefix, random, lastBias }: NetworkOptions,
): void {
  const layer = layers[index];
  const last = index === layers.length - 1;
  if (last && lastBias && lastBias.length !== outputs) {
    throw new GraphError(`'${prefix}' ends in ${outputs} numbers; a bias of ${lastBias.length} numbers was given.`);
  }
  const gain = layer.kind !== 'pool' && activationOf(layer, last) === 'relu' ? 2 : 1;
  const deviation = last && lastBias ? 0 : Math.sqrt(gain / inputs);
  const count = shape.reduce((product, size) => product * size, 1);
  const draws = random.fork(`${prefix}.${index + 1}`);
  const weight = Float32Array.from({ length: count }, () => (deviation === 0 ? 0 : deviation * draws.normal()));
  into[`${prefix}.${index + 1}.weight`] = float32(weight, shape);
  into[`${prefix}.${index + 1}.bias`] = float32(last && lastBias ? lastBias : new Float32Array(outputs), [outputs]);
}

function applyLayers(
  g: Builder,
  images: Value,
  layers: readonly Layer[],
  prefix: string,
  parameters: Readonly<Record<string, Value>>,
): Value {
  let x = images;
  layers.forEach((layer, i) => {
    if (layer.kind === 'pool') {
      x = maxPool(g, x, { kernel: [layer.size, layer.size], strides: [layer.size, layer.size] });
      if (poolsFirst(layers, i - 1)) x = relu(g, x);
      return;
    }
    const weight = parameters[`${prefix}.${i + 1}.weight`];
    const bias = parameters[`${prefix}.${i + 1}.bias`];
    if (layer.kind === 'conv') {
      const [stride, padding] = [layer.stride ?? 1, layer.padding ?? 0];
      x = conv(g, x, weight, bias, { strides: [stride, stride], pads: [padding, padding, padding, padding] });
    } else {
      x = add(g, matMul(g, x.shape.length === 2 ? x : flatten(g, x), weight), bias);
    }
    if (!poolsFirst(layers, i)) x = activate(g, x, activationOf(layer, i === layers.length - 1));
  });
  return x;
}

/** Whether a layer's relu comes after the pool behind it: the same numbers and gradients, from a quarter of the work or less. */
function poolsFirst(layers: readonly Layer[], index: number): boolean {
  const [layer, next] = [index, index + 1].map((at): Layer | undefined => (at < 0 ? undefined : layers[at]));
  return layer?.kind === 'conv' && next?.kind === 'pool' && activationOf(layer, false) === 'relu';
}

function activate(g: Builder, x: Value, activation: Activation): Value {
  if (activation === 'none') return x;
  return activation === 'relu' ? relu(g, x) : tanh(g, x);
}

/** A builder that can declare inputs. */
interface InputBuilder extends Builder {
  input(name: string, shape: readonly number[], dtype?: DType): Value;
}

/** Declares parameters as graph inputs of their own names, to be trained. */
export function parameterInputs(g: InputBuilder, initial: Readonly<Record<string, Tensor>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(initial).map(([name, { shape, dtype }]) => [name, g.input(name, shape, dtype)]),
  );
}

/** Puts trained parameters into a graph as constants, for a model that stands alone. */
export function parameterConstants(g: Builder, trained: Readonly<Record<string, Tensor>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(trained).map(([name, value]) => [name, g.constant(value)]));
}
