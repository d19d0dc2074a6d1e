import type { Point } from '../../geometry/units.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Raster } from '../../stn/raster.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';
import { cropOutline, traceToImage } from '../../stn/network/trace-frame.ts';
import { breathe } from '../breathe.ts';
import { type FixedExamples, valuesOf } from './examples.ts';
import type { Inspector, Verdict } from './inspect.ts';

/** What one transformer did with one example. */
export interface TransformerLook {
  readonly transformer: string;
  readonly theta: readonly number[];
  /** Outline of the crop in pixels of the example; undefined where its place in the image is not one. */
  readonly outline: readonly Point[] | undefined;
  /** `[C, height, width]`; feature maps hold any numbers. */
  readonly crop: Raster<Float32Array>;
}

/** One example of the test set, what was said of it, and where the network looked. */
export interface ExampleLook {
  readonly index: number;
  readonly label: number;
  readonly answer: number;
  /** Of the true class and of the answer. */
  readonly probability: number;
  readonly answerProbability: number;
  readonly picture: Raster<Float32Array>;
  readonly looks: readonly TransformerLook[];
}

/** Means over the test examples of one class; undefined for a class without any. */
export interface ClassMeans {
  readonly inputs: readonly (Raster<Float32Array> | undefined)[];
  /** By transformer. */
  readonly crops: Readonly<Record<string, readonly (Raster<Float32Array> | undefined)[]>>;
}

/** Points on each side of a drawn outline: enough to show how a spline bends. */
const outlinePerSide = 6;
const batch = 64;

/** The examples with the largest loss among those that were answered wrongly, worst first. */
export function worstErrors({ answers, probabilities }: Verdict, labels: Uint16Array, most: number): readonly number[] {
  const classes = probabilities.length / Math.max(1, labels.length);
  const wrong = Array.from(labels.keys()).filter((i) => answers[i] !== labels[i]);
  const own = (i: number): number => probabilities[i * classes + labels[i]];
  return wrong.sort((a, b) => own(a) - own(b) || a - b).slice(0, most);
}

/** The first examples of each class in turn. */
export function firstOfEachClass(labels: Uint16Array, classes: number, perClass: number): readonly number[] {
  const found: number[][] = Array.from({ length: classes }, () => []);
  for (const [i, label] of labels.entries()) if (found[label].length < perClass) found[label].push(i);
  return Array.from({ length: perClass }, (_, n) => found.flatMap((members) => members.slice(n, n + 1))).flat();
}

/** Looks closely at some examples. */
export async function lookAtExamples(
  members: readonly number[],
  { network, inspector, examples, parameters, verdict }: Looking,
): Promise<readonly ExampleLook[]> {
  const { transformers, classes } = network;
  const wanted = transformers.flatMap(({ name }) => [`${name}.theta`, `${name}.grid`, `${name}.crop`]);
  const seen = transformers.length === 0 ? {} : await inspector.look(examples, members, parameters, wanted);
  const part = (output: string, n: number): Float32Array => {
    const size = seen[output].length / members.length;
    return seen[output].slice(n * size, (n + 1) * size);
  };
  return members.map((index, n) => ({
    index,
    label: examples.labels[index],
    answer: verdict.answers[index],
    probability: verdict.probabilities[index * classes + examples.labels[index]],
    answerProbability: verdict.probabilities[index * classes + verdict.answers[index]],
    picture: pictureOf(examples, index),
    looks: transformers.map((transformer) => ({
      transformer: transformer.name,
      theta: Array.from(part(`${transformer.name}.theta`, n)),
      outline: traceToImage(cropOutline(outlinePerSide), transformer, transformers, (name) => part(`${name}.grid`, n)),
      crop: cropRaster(network, transformer.name, part(`${transformer.name}.crop`, n)),
    })),
  }));
}

/** What looking needs: the network, how it runs, what it sees, and what it said. */
export interface Looking {
  readonly network: CompiledNetwork;
  readonly inspector: Inspector;
  readonly examples: FixedExamples;
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly verdict: Verdict;
}

/** Means over each class of what went in and of what every transformer cut out. */
export async function classMeans(
  { network, inspector, examples, parameters }: Omit<Looking, 'verdict'>,
  signal?: AbortSignal,
): Promise<ClassMeans> {
  const { transformers, classes } = network;
  const counts = new Array<number>(classes).fill(0);
  const sums = new Map<string, Float64Array[]>();
  const add = (key: string, label: number, values: Float32Array): void => {
    const all = sums.get(key) ?? Array.from({ length: classes }, () => new Float64Array(values.length));
    sums.set(key, all);
    for (const [i, value] of values.entries()) all[label][i] += value;
  };
  const total = examples.labels.length;
  for (let from = 0; from < total; from += batch) {
    const members = Array.from({ length: Math.min(batch, total - from) }, (_, n) => from + n);
    const wanted = transformers.map(({ name }) => `${name}.crop`);
    const seen = wanted.length === 0 ? {} : await inspector.look(examples, members, parameters, wanted);
    for (const [n, index] of members.entries()) {
      const label = examples.labels[index];
      counts[label] += 1;
      add('', label, pictureOf(examples, index).data);
      for (const { name } of transformers) {
        const size = seen[`${name}.crop`].length / members.length;
        add(name, label, seen[`${name}.crop`].subarray(n * size, (n + 1) * size));
      }
    }
    await breathe(signal);
  }
  const meansOf = (key: string, toRaster: (values: Float32Array) => Raster<Float32Array>) =>
    counts.map((count, label) =>
      count === 0 ? undefined : toRaster(Float32Array.from(sums.get(key)?.[label] ?? [], (sum) => sum / count)),
    );
  return {
    inputs: meansOf('', (data) => rasterOf(data, network.input)),
    crops: Object.fromEntries(
      transformers.map(({ name }) => [name, meansOf(name, (data) => cropRaster(network, name, data))]),
    ),
  };
}

function pictureOf({ values, shape }: FixedExamples, index: number): Raster<Float32Array> {
  const size = valuesOf(shape);
  return rasterOf(values.slice(index * size, (index + 1) * size), shape);
}

function cropRaster({ transformers }: CompiledNetwork, name: string, data: Float32Array): Raster<Float32Array> {
  const found = transformers.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the network has no transformer '${name}'`);
  const { width, height } = found.sampling;
  return rasterOf(data, [found.input[0], height, width]);
}

function rasterOf(data: Float32Array, [channels, height, width]: FixedExamples['shape']): Raster<Float32Array> {
  return { width, height, channels, data };
}
