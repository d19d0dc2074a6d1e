import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { programVersion, programVersions } from '../program.ts';

/** The engine itself: its state, its end. */
export function systemHandlers(engine: Engine): GroupHandlers<'system'> {
  return {
    health: () => ({
      status: 'ready',
      version: programVersion,
      upSeconds: (performance.now() - engine.madeAt) / 1000,
      cpuSeconds: cpuSeconds(),
    }),
    versions: () => ({ versions: programVersions() }),
    status: async () => {
      const { workers, waiting } = engine.workers.status();
      return {
        workers: workers.map(({ pid, rss, job }) => ({ id: String(pid ?? 0), job, bytes: rss })),
        waiting,
        memoryBytes: process.memoryUsage.rss(),
        cacheBytes: engine.cache.bytes(),
        degraded: [...(await engine.degraded())],
      };
    },
    clearCache: () => ({ freedBytes: Math.max(0, engine.cache.clear()) }),
    shutdown: () => {
      setImmediate(engine.requestShutdown);
      return {};
    },
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
