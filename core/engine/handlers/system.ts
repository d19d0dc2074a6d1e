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
    status: () => ({
      workers: [],
      waiting: 0,
      memoryBytes: process.memoryUsage.rss(),
      cacheBytes: 0,
      degraded: [],
    }),
    clearCache: () => ({ freedBytes: 0 }),
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
