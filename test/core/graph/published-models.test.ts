import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { decode } from '../../../core/graph/decode.ts';
import { simplify } from '../../../core/graph/passes/simplify.ts';
import { readGraph } from '../../../core/graph/read-graph.ts';
import { spliceTrainable } from '../../../core/graph/splice.ts';
import { elementCount, float32, numbers, type Tensor } from '../../../core/graph/tensor.ts';
import type { Graph, Value } from '../../../core/graph/value.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { checkGradient } from '../../support/check-gradient.ts';
import { array, fromTensor } from '../../support/interpreter.ts';
import { hasShared, shared } from '../../support/shared.ts';

interface Example {
  readonly file: string;
  readonly shape: readonly number[];
}

interface Description {
  readonly model: string;
  readonly inputs: Readonly<Record<string, Example>>;
  readonly outputs: Readonly<Record<string, Example>>;
}

const names = [
  ...['mobilenet-v1-pw5', 'mobilenet-v1-pw11'],
  ...['stn-pytorch-affine', 'stn-pytorch-affine-ac-border', 'stn-pytorch-projective'],
];

function describeModel(name: string): Description {
  return JSON.parse(readFileSync(shared(`models/${name}.json`), 'utf8')) as Description;
}

function bytesOf(file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(shared(`models/${file}`)));
}

function tensors(examples: Description['inputs']): [string, Tensor][] {
  return Object.entries(examples).map(([name, { file, shape }]) => [
    name,
    float32(new Float32Array(bytesOf(file).buffer), shape),
  ]);
}

/** The model as a graph for the sizes of its examples. */
function graphOf({ model, inputs }: Description): Graph {
  const file = decode(bytesOf(model));
  const sizes = file.inputs.flatMap(({ name, shape }) =>
    shape.map((size, axis): [string, number] => [String(size), inputs[name].shape[axis]]),
  );
  return readGraph(file, { sizes: Object.fromEntries(sizes) });
}

describe.skipIf(!hasShared)('models that others trained', () => {
  test.each(names)('%s gives what it promises to 1e-4, also when simplified', async (name) => {
    const description = describeModel(name);
    const graph = graphOf(description);
    expect(simplify(graph).nodes.length).toBeLessThanOrEqual(graph.nodes.length);
    for (const optimise of [false, true]) {
      const session = await openSession(graph, { threads: 1, optimise });
      const results = await session.run(Object.fromEntries(tensors(description.inputs)));
      await session.dispose();
      for (const [output, expected] of tensors(description.outputs)) {
        expect(results[output].shape).toEqual(expected.shape);
        const [found, wanted] = [numbers(results[output]), numbers(expected)];
        const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
        expect(worst, output).toBeLessThan(1e-4);
      }
    }
  });

  test.each([
    ['stn-pytorch-affine', 'image', [1, 1, 28, 28], 'logprobs'],
    ['stn-pytorch-affine-ac-border', 'image', [1, 1, 28, 28], 'warped'],
    ['stn-pytorch-projective', 'image', [1, 1, 28, 28], 'logprobs'],
    ['mobilenet-v1-pw3', 'pixels', [1, 3, 16, 24], 'features'],
    ['mobilenet-v1-pw5', 'pixels', [1, 3, 8, 8], 'preactivation'],
  ])(
    'gradients through %s, toward its input and its weights, agree with finite differences',
    (name, input, shape, output) => {
      const random = createRandom(3);
      const model = bytesOf(`${name}.onnx`);
      let initial: Readonly<Record<string, Tensor>> = {};
      const build = (g: Parameters<typeof spliceTrainable>[0]): Value => {
        const x = g.input(input, shape);
        const spliced = spliceTrainable(g, model, { [input]: x }, { wanted: [output] });
        initial = spliced.initial;
        return spliced.outputs[output];
      };
      const smooth = array(
        Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(i / 5) + 0.3 * random.normal()),
        shape,
      );
      build(new GraphBuilder());
      const weights = Object.entries(initial).map(([key, of]) => [key, fromTensor(of)] as const);
      expect(weights.length).toBeGreaterThan(4);
      const feeds = { [input]: smooth, ...Object.fromEntries(weights) };
      const wanted = [input, ...Object.keys(initial)];
      for (const { analytic, numeric } of checkGradient(build, feeds, wanted, { directions: 1, step: 1e-8 })) {
        expect(Math.abs(analytic - numeric)).toBeLessThan(1e-4 * Math.max(1, Math.abs(numeric)));
      }
    },
  );
});
