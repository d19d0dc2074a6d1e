import { GraphBuilder } from '../graph/builder.ts';
import { float32 } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';
import { openSession, type Session, type SessionOptions } from '../runtime/session.ts';
import type { Encoder } from './encoder.ts';
import type { FeatureExtractor, Projection } from './feature-maps.ts';
import { projectionNodes } from './projection-nodes.ts';

/** Channels kept of an encoder's maps. */
const components = 16;

function projectionModel({ weights, bias, channels, kernel, dilation }: Projection): Graph {
  const g = new GraphBuilder();
  const dynamic = { 0: 'n', 2: 'h', 3: 'w' };
  const raw = g.input('raw', [1, channels, 24, 24], 'float32', dynamic);
  const kept = bias.length;
  const map = projectionNodes(
    g,
    raw,
    g.constant(weights, [kept, channels, kernel, kernel]),
    g.constant(bias, [kept]),
    dilation,
  );
  g.output('maps', map, dynamic);
  return g.build();
}

/** Makes an encoder usable wherever oriented gradients are; the encoder stays the caller's to dispose. */
export function encoderExtractor(encoder: Encoder, options: SessionOptions = {}): FeatureExtractor {
  const projected = new Map<Projection, Session>();
  const describe = async (pixels: Float32Array, count: number, size: number): Promise<Float32Array> =>
    (await encoder.describe(pixels, count, size, size)).data;
  return {
    name: encoder.name,
    inputChannels: 3,
    channels: encoder.channels,
    stride: encoder.stride,
    centre: encoder.offset - 0.5,
    context: { kernel: 1, dilation: 1, components },
    describe,
    project: async (pixels, count, size, projection, target) => {
      const raw = await describe(pixels, count, size);
      const session = projected.get(projection) ?? (await openSession(projectionModel(projection), options));
      projected.set(projection, session);
      const cells = size / encoder.stride;
      const maps = float32(target, [count, projection.components, cells, cells]);
      await session.runInto({ raw: float32(raw, [count, encoder.channels, cells, cells]) }, { maps });
    },
    dispose: async () => {
      for (const session of projected.values()) await session.dispose();
    },
  };
}
