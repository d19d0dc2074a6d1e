import type { Tensor } from '../../graph/tensor.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';
import type { ThetaSpread } from './epochs.ts';
import type { FixedExamples } from './examples.ts';
import type { Inspector } from './inspect.ts';

/** So many examples tell where a transformer looks; the same ones in every epoch. */
const watched = 256;

/** Mean and spread of every transformer's parameters over the first examples of a set. */
export async function thetaSpreads(
  { transformers }: CompiledNetwork,
  inspector: Inspector,
  examples: FixedExamples,
  parameters: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, ThetaSpread>>> {
  if (transformers.length === 0) return {};
  const members = Array.from({ length: Math.min(watched, examples.labels.length) }, (_, i) => i);
  const outputs = transformers.map(({ name }) => `${name}.theta`);
  const seen = await inspector.look(examples, members, parameters, outputs);
  return Object.fromEntries(transformers.map(({ name }) => [name, spreadOf(seen[`${name}.theta`], members.length)]));
}

function spreadOf(theta: Float32Array, count: number): ThetaSpread {
  const width = theta.length / count;
  const columns = Array.from({ length: width }, (_, k) =>
    Array.from({ length: count }, (_row, n) => theta[n * width + k]),
  );
  const mean = columns.map((values) => values.reduce((sum, value) => sum + value, 0) / count);
  const deviation = columns.map((values, k) =>
    Math.sqrt(values.reduce((sum, value) => sum + (value - mean[k]) ** 2, 0) / count),
  );
  return { mean, deviation };
}
