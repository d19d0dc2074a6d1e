import { GraphBuilder } from '../graph/builder.ts';
import { encode } from '../graph/encode.ts';
import { float32, floats } from '../graph/tensor.ts';
import { openSession, type Session, type SessionOptions } from '../runtime/session.ts';
import type { Encoder } from './encoder.ts';
import type { FeatureExtractor, Projection } from './feature-maps.ts';
import { projectionNodes } from './projection-nodes.ts';

/** An encoder as joint alignment wants it. The encoder is disposed with it. */
export function encoderExtractor(encoder: Encoder, options: SessionOptions = {}): FeatureExtractor {
  const projections = new Map<Projection, Promise<Session>>();
  const sessionFor = (projection: Projection): Promise<Session> => {
    const known = projections.get(projection) ?? openSession(projectionModel(projection), options);
    projections.set(projection, known);
    return known;
  };
  return {
    name: encoder.name,
    inputChannels: 3,
    channels: encoder.channels,
    stride: encoder.stride,
    centre: encoder.offset - 0.5,
    context: { kernel: 1, dilation: 1, components: 16 },
    describe: async (pixels, count, size) => (await encoder.describe(pixels, count, size, size)).data,
    project: async (pixels, count, size, projection) => {
      const { data, channels, height, width } = await encoder.describe(pixels, count, size, size);
      const session = await sessionFor(projection);
      const { maps } = await session.run({ raw: float32(data, [count, channels, height, width]) });
      return floats(maps);
    },
    dispose: async () => {
      for (const session of projections.values()) await (await session).dispose();
      projections.clear();
      await encoder.dispose();
    },
  };
}

function projectionModel({ components, channels, kernel, dilation, weights, bias }: Projection): Uint8Array {
  const dynamic = { 0: 'n', 2: 'h', 3: 'w' };
  const g = new GraphBuilder();
  const raw = g.input('raw', [1, channels, 24, 24], 'float32', dynamic);
  const kernels = g.constant(weights, [components, channels, kernel, kernel]);
  g.output('maps', projectionNodes(g, raw, kernels, g.constant(bias, [components]), dilation), dynamic);
  return encode(g.build());
}
