import { GraphBuilder } from '../graph/builder.ts';
import { encode } from '../graph/encode.ts';
import { float32, floats } from '../graph/tensor.ts';
import { openSession, type Session, type SessionOptions } from '../runtime/session.ts';
import type { FeatureExtractor, Projection } from './feature-maps.ts';
import { gradientLayout, orientedGradientNodes } from './oriented-gradients.ts';
import { projectionNodes } from './projection-nodes.ts';

const dynamic = { 0: 'n', 2: 'h', 3: 'w' };

function rawModel(): Uint8Array {
  const g = new GraphBuilder();
  const raw = orientedGradientNodes(g, g.input('grey', [1, 1, 96, 96], 'float32', dynamic));
  g.output('maps', raw, dynamic);
  return encode(g.build());
}

function projectedModel(projection: Projection): Uint8Array {
  const { components, channels, kernel, dilation } = projection;
  const g = new GraphBuilder();
  const raw = orientedGradientNodes(g, g.input('grey', [1, 1, 96, 96], 'float32', dynamic));
  const weights = g.constant(projection.weights, [components, channels, kernel, kernel]);
  const maps = projectionNodes(g, raw, weights, g.constant(projection.bias, [components]), dilation);
  g.output('maps', maps, dynamic);
  return encode(g.build());
}

/** The extractor that needs no weights: oriented gradients with context. */
export async function openGradientExtractor(options: SessionOptions = {}): Promise<FeatureExtractor> {
  const raw = await openSession(rawModel(), options);
  const projected = new Map<Projection, Session>();
  const run = async (session: Session, pixels: Float32Array, count: number, size: number): Promise<Float32Array> => {
    const { maps } = await session.run({ grey: float32(pixels, [count, 1, size, size]) });
    return floats(maps);
  };
  return {
    ...gradientLayout,
    describe: (pixels, count, size) => run(raw, pixels, count, size),
    project: async (pixels, count, size, projection) => {
      const known = projected.get(projection) ?? (await openSession(projectedModel(projection), options));
      projected.set(projection, known);
      return run(known, pixels, count, size);
    },
    dispose: async () => {
      await raw.dispose();
      for (const session of projected.values()) await session.dispose();
    },
  };
}
