import { expect } from 'vitest';
import { createHandlers } from '../../../../core/engine/handlers.ts';
import { createApp } from '../../../../core/engine/http/app.ts';
import { engineWorld } from '../../../support/engine-world.ts';
import type { GroupCases } from './command-case.ts';

export const systemCases: GroupCases<'system'> = {
  health: async () => {
    const { client } = engineWorld();
    expect(await client.system.health()).toMatchObject({ status: 'ready' });
  },
  versions: async () => {
    const { client } = engineWorld();
    const { versions } = await client.system.versions();
    expect(versions['node']).toBe(process.versions.node);
    expect(versions['onnxruntime-node']).toMatch(/^\d+\.\d+\.\d+$/);
  },
  status: async () => {
    const { client } = engineWorld();
    const status = await client.system.status();
    expect(status.memoryBytes).toBeGreaterThan(1e6);
    expect(status).toMatchObject({ waiting: 0, degraded: [] });
  },
  clearCache: async () => {
    const { client } = engineWorld();
    expect((await client.system.clearCache()).freedBytes).toBe(0);
  },
  shutdown: async () => {
    const { client, engine } = engineWorld();
    const asked = new Promise<void>((resolve) => {
      engine.onShutdown(resolve);
    });
    await client.system.shutdown();
    await asked;
  },
  events: async () => {
    const { engine } = engineWorld();
    const app = createApp({ engine, handlers: createHandlers(engine) });
    const answer = await app.request('http://127.0.0.1/api/events');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    engine.hub.publish({ event: 'recent-changed' });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!text.includes('recent-changed')) text += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    expect(text).toMatch(/id: [0-9a-f]{12}-1\ndata: {"event":"recent-changed"}\n\n/);
  },
};
