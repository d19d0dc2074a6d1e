import { GraphBuilder } from '../graph/builder.ts';
import { float32, floats } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';
import { openSession, type Session, type SessionOptions } from '../runtime/session.ts';
import type { FeatureExtractor, Projection } from './feature-maps.ts';
import { gradientLayout, orientedGradientNodes, quarterTurnNodes } from './oriented-gradients.ts';
import { projectionNodes } from './projection-nodes.ts';

const dynamic = { 0: 'n' };

/** The graph for crops of one size: raw maps, or projected ones, of the crops alone or of their quarter turns too. */
function gradientModel(size: number, projection: Projection | null, turns: boolean): Graph {
  const g = new GraphBuilder();
  const upright = orientedGradientNodes(g, g.input('grey', [1, 1, size, size], 'float32', dynamic));
  const raw = turns ? quarterTurnNodes(g, upright) : upright;
  if (projection === null) {
    g.output('maps', raw, dynamic);
    return g.build();
  }
  const { components, channels, kernel, dilation } = projection;
  const weights = g.constant(projection.weights, [components, channels, kernel, kernel]);
  g.output('maps', projectionNodes(g, raw, weights, g.constant(projection.bias, [components]), dilation), dynamic);
  return g.build();
}

/** The extractor that needs no weights: oriented gradients with context. */
export function openGradientExtractor(options: SessionOptions = {}): FeatureExtractor {
  const sessions = new Map<Projection | null, Map<string, Session>>();
  const sessionFor = async (size: number, projection: Projection | null, turns: boolean): Promise<Session> => {
    const sizes = sessions.get(projection) ?? new Map<string, Session>();
    sessions.set(projection, sizes);
    const key = `${size}${turns ? ' turned' : ''}`;
    const session = sizes.get(key) ?? (await openSession(gradientModel(size, projection, turns), options));
    sizes.set(key, session);
    return session;
  };
  const project = async (
    pixels: Float32Array,
    count: number,
    size: number,
    projection: Projection,
    target: Float32Array,
    turns: boolean,
  ): Promise<void> => {
    const session = await sessionFor(size, projection, turns);
    const cells = size / gradientLayout.stride;
    const maps = float32(target, [turns ? 4 * count : count, projection.components, cells, cells]);
    await session.runInto({ grey: float32(pixels, [count, 1, size, size]) }, { maps });
  };
  return {
    ...gradientLayout,
    describe: async (pixels, count, size) => {
      const session = await sessionFor(size, null, false);
      return floats((await session.run({ grey: float32(pixels, [count, 1, size, size]) })).maps);
    },
    project: (pixels, count, size, projection, target) => project(pixels, count, size, projection, target, false),
    projectTurns: (pixels, count, size, projection, target) => project(pixels, count, size, projection, target, true),
    dispose: async () => {
      for (const sizes of sessions.values()) for (const session of sizes.values()) await session.dispose();
    },
  };
}
