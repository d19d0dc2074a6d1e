import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Client } from '../../../core/contract/client.ts';
import { createClient } from '../../../core/contract/client.ts';
import type { Run } from '../../../core/contract/commands/runs.ts';
import type { Running } from '../cli.ts';
import { startCli } from '../cli.ts';
import { createWriteFaults, type WriteFaults } from './write-faults.ts';

/** An engine in a process of its own, with its workers, whose writes can be made to fail. */
export interface FaultedEngine {
  readonly faults: WriteFaults;
  readonly client: Client<AbortSignal>;
  readonly command: Running;
  /** Everything that the engine writes lies below: projects, settings, logs, cache, compiled code. */
  readonly below: string;
  /** A grant of the folder in which projects and exports go. */
  readonly place: string;
  /** A grant of the folder of images. */
  readonly images: string;
  /** Fulfils when a run has stopped, and gives it. */
  readonly ended: (project: string, run: string) => Promise<Run>;
}

/**
 * Starts `congeal serve` for the current test.
 *
 * @param images - a folder of images, outside `below`
 */
export async function startFaultedEngine(below: string, images: string): Promise<FaultedEngine> {
  const projects = join(below, 'projects');
  mkdirSync(projects, { recursive: true });
  const faults = createWriteFaults(below);
  const folders = { CONGEAL_STATE: 'state', CONGEAL_CACHE: 'cache', NODE_COMPILE_CACHE: 'compiled' };
  const own = Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, join(below, folder)]));
  const command = startCli(['serve', '--no-open', '--root', projects, images], { env: { ...own, ...faults.env } });
  onTestFinished(async () => {
    command.kill('SIGKILL');
    await command.finished;
    faults.close();
  });
  const { origin, searchParams } = new URL(await command.matched(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/));
  const client = createClient<AbortSignal>({
    base: origin,
    token: searchParams.get('token') ?? '',
    fetch: (at, { signal, ...request }) => fetch(at, { ...request, ...(signal ? { signal } : {}) }),
  });
  const { roots } = await client.folders.roots();
  const grant = async (name: string, purpose: 'images' | 'project') => {
    const folder = roots.find((root) => root.name === name)?.id ?? '';
    return (await client.folders.choose({ params: { folder }, body: { purpose } })).id;
  };
  return {
    ...{ faults, client, command, below },
    place: await grant('projects', 'project'),
    images: await grant(images.slice(images.lastIndexOf('/') + 1), 'images'),
    ended: async (project, run) => {
      for (;;) {
        const found = await client.runs.one({ params: { project, run } });
        if (!['queued', 'running', 'paused'].includes(found.status)) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
