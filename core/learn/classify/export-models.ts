import { GraphBuilder } from '../../graph/builder.ts';
import { encode } from '../../graph/encode.ts';
import { softmax } from '../../graph/ops/reduce.ts';
import type { Tensor } from '../../graph/tensor.ts';
import { parameterConstants } from '../../stn/layers.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';
import type { PlacedTransformer } from '../../stn/network/plan-network.ts';
import { applyTransformer } from '../../stn/network/transformer-layer.ts';

/** A trained model as the bytes of an ONNX file, and the file's name. */
export interface NamedModel {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type Trained = Readonly<Record<string, Tensor>>;

/** Name of the file that holds the whole network. */
export const classifierFile = 'classifier.onnx';

const anyBatch = { 0: 'n' };
const conventions =
  'Values 0 to 1. theta: parameters of the transform family, crop to source, unit coordinates with x to the right and y down';

/**
 * The trained network, every transformer by itself, and every localisation network alone, for batches of any size.
 *
 * `classifier.onnx`: `images` `[N, C, H, W]` to `scores`, `probabilities` `[N, classes]` and every `NAME.theta`.
 * `NAME.onnx`: `input` (images or feature maps) to `theta`, `grid` `[N, h, w, 2]` and `crop`. `NAME-localisation.onnx`:
 * `input` to `theta`.
 */
export function exportModels(
  network: CompiledNetwork,
  trained: Trained,
  classes: readonly string[],
): readonly NamedModel[] {
  return [
    { name: classifierFile, bytes: classifierModel(network, trained, classes) },
    ...network.transformers.flatMap((transformer) => [
      { name: `${transformer.name}.onnx`, bytes: transformerModel(transformer, trained) },
      { name: `${transformer.name}-localisation.onnx`, bytes: localisationModel(transformer, trained) },
    ]),
  ];
}

function classifierModel(network: CompiledNetwork, trained: Trained, classes: readonly string[]): Uint8Array {
  const g = new GraphBuilder();
  const images = g.input('images', [1, ...network.input], 'float32', anyBatch);
  const { scores, transformed } = network.apply(g, images, parameterConstants(g, trained));
  g.output('scores', scores, anyBatch);
  g.output('probabilities', softmax(g, scores, -1), anyBatch);
  for (const { plan, theta } of transformed) g.output(`${plan.name}.theta`, theta, anyBatch);
  return encode(g.build(), {
    metadata: {
      kind: 'classifier',
      version: '1',
      classes: JSON.stringify(classes),
      transformers: JSON.stringify(network.transformers.map(({ name, family }) => ({ name, family }))),
      conventions,
    },
  });
}

function transformerModel(transformer: PlacedTransformer, trained: Trained): Uint8Array {
  const g = new GraphBuilder();
  const input = g.input('input', [1, ...transformer.input], 'float32', anyBatch);
  const { theta, grid, output } = applyTransformer(g, input, transformer, constantsOf(g, transformer, trained));
  g.output('theta', theta, anyBatch);
  g.output('grid', grid, anyBatch);
  g.output('crop', output, anyBatch);
  return encode(g.build(), { metadata: metadataOf('transformer', transformer) });
}

function localisationModel(transformer: PlacedTransformer, trained: Trained): Uint8Array {
  const g = new GraphBuilder();
  const input = g.input('input', [1, ...transformer.input], 'float32', anyBatch);
  g.output('theta', transformer.localisation.apply(g, input, constantsOf(g, transformer, trained)), anyBatch);
  return encode(g.build(), { metadata: metadataOf('localisation', transformer) });
}

function constantsOf(g: GraphBuilder, { localisation, transform }: PlacedTransformer, trained: Trained) {
  return parameterConstants(
    g,
    Object.fromEntries(
      Object.keys({ ...localisation.initial, ...transform.initial }).map((name) => [name, trained[name]]),
    ),
  );
}

function metadataOf(kind: string, { family, sampling }: PlacedTransformer): Record<string, string> {
  return { kind, version: '1', family, align_corners: String(sampling.alignCorners), conventions };
}
