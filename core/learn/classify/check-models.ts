import { CongealError } from '../../contract/errors.ts';
import { float32, floats } from '../../graph/tensor.ts';
import { openSession } from '../../runtime/session.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';
import { classifierFile, type NamedModel } from './export-models.ts';
import { type FixedExamples, valuesOf } from './examples.ts';
import type { Inspector } from './inspect.ts';
import type { Tensor } from '../../graph/tensor.ts';

const compared = 32;
const tolerance = 1e-4;

/**
 * Opens every exported model in a session of its own and compares what it says with the network that was trained; returns
 * the largest difference of an output, by model.
 *
 * **Throws** CongealError `model-invalid` where an output differs by more than 1e-4 (of its size, where that is above 1).
 */
export async function checkModels(
  models: readonly NamedModel[],
  network: CompiledNetwork,
  inspector: Inspector,
  examples: FixedExamples,
  parameters: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, number>>> {
  const members = Array.from({ length: Math.min(compared, examples.labels.length) }, (_, i) => i);
  const wanted = ['scores', 'probabilities', ...network.transformers.flatMap(({ name }) => outputsOf(name))];
  const expected = await inspector.look(examples, members, parameters, wanted);
  const images = examples.values.subarray(0, members.length * valuesOf(examples.shape));
  const differences: Record<string, number> = {};
  for (const { name, bytes } of models) {
    const session = await openSession(bytes);
    try {
      const transformer = network.transformers.find(
        (one) => name === `${one.name}.onnx` || name === `${one.name}-localisation.onnx`,
      );
      const [port] = session.inputs;
      const fed = transformer === undefined ? images : expected[`${transformer.name}.input`];
      const shape = transformer === undefined ? network.input : transformer.input;
      const results = await session.run({ [port.name]: float32(Float32Array.from(fed), [members.length, ...shape]) });
      differences[name] = Math.max(
        ...Object.entries(results).map(([output, tensor]) => {
          const key = name === classifierFile ? output : `${transformer?.name ?? ''}.${output}`;
          return largestDifference(floats(tensor), expected[key], `${name}: ${output}`);
        }),
      );
    } finally {
      await session.dispose();
    }
  }
  return differences;
}

function outputsOf(transformer: string): readonly string[] {
  return ['input', 'theta', 'grid', 'crop'].map((output) => `${transformer}.${output}`);
}

function largestDifference(found: Float32Array, expected: Float32Array, what: string): number {
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs(found[i] - value);
    const allowed = tolerance * Math.max(1, Math.abs(value));
    if (found.length === expected.length && difference <= allowed) {
      largest = Math.max(largest, difference);
      continue;
    }
    throw new CongealError(
      'model-invalid',
      `${what} of the written model is ${found[i]} at place ${i}, the trained network says ${value}: they differ by more than ${allowed}. Nothing was written; please report this.`,
    );
  }
  return largest;
}
