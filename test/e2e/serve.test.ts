import { createServer } from 'node:http';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closeProject, openProject } from '../../core/store/project-file.ts';
import { runCli } from '../support/cli.ts';
import { startServe } from '../support/serve.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('congeal serve', () => {
  it('prints an address that lets in, keeps everyone else out, and ends cleanly with Ctrl-C', async () => {
    const state = temporaryFolder();
    const { address, command } = await startServe(['--root', temporaryFolder()], state);
    const { origin, searchParams } = new URL(address);
    const token = searchParams.get('token') ?? '';
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(16);
    expect((await fetch(`${origin}/api/health`)).status).toBe(401);
    const health = await fetch(`${origin}/api/health`, { headers: { Authorization: `Bearer ${token}` } });
    expect(await health.json()).toMatchObject({ status: 'ready' });
    command.kill('SIGINT');
    expect(await command.finished).toMatchObject({ status: 0, stderr: '' });
    const log = readFileSync(join(state, 'logs', 'engine.log'), 'utf8');
    expect(log).toContain('the door is open');
    expect(log).not.toContain(token);
  });

  it('ends when it is asked to through the door', async () => {
    const { address, command } = await startServe([], temporaryFolder());
    const { origin, searchParams } = new URL(address);
    const headers = { Authorization: `Bearer ${searchParams.get('token') ?? ''}` };
    const events = await fetch(`${origin}/api/events`, { headers });
    expect((await fetch(`${origin}/api/shutdown`, { method: 'POST', headers })).status).toBe(200);
    expect(await command.finished).toMatchObject({ status: 0 });
    await events.text().catch(() => undefined);
  });

  it('opens a project that another program has open for looking only, and says so', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'taken.congeal');
    const project = openProject(path, { create: true });
    const { command, address } = await startServe([path], temporaryFolder());
    const { origin, searchParams } = new URL(address);
    const headers = { Authorization: `Bearer ${searchParams.get('token') ?? ''}` };
    const { projects } = (await (await fetch(`${origin}/api/projects`, { headers })).json()) as {
      readonly projects: readonly { readonly id: string; readonly readOnly: boolean }[];
    };
    expect(projects).toMatchObject([{ readOnly: true }]);
    const change = await fetch(`${origin}/api/projects/${projects[0].id}/tags`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: '{"name":"x"}',
    });
    expect([change.status, await change.json()]).toMatchObject([409, { error: { code: 'project-read-only' } }]);
    closeProject(project);
    command.kill('SIGTERM');
    expect((await command.finished).stderr).toContain('For looking only:');
  });

  it('refuses a port that is taken, a port that is none, and a project that is none, in one line each', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const taken = String((server.address() as AddressInfo).port);
    const environment = { CONGEAL_STATE: temporaryFolder() };
    for (const [words, reason] of [
      [['--port', taken], 'is taken'],
      [['--port', '70000'], '--port'],
      [[join(temporaryFolder(), 'none.congeal')], 'There is no project file'],
      [['--root', join(temporaryFolder(), 'none')], 'There is no folder'],
    ] as const) {
      const { status, stderr } = await runCli(['serve', '--no-open', ...words], { env: environment });
      expect([status, stderr.trim().split('\n').length, stderr]).toEqual([2, 1, expect.stringContaining(reason)]);
    }
    server.close();
  });

  it('is what start opens where there is no window', async () => {
    const state = temporaryFolder();
    const { command } = await startServe([], state, ['start', '--no-open']);
    command.kill('SIGINT');
    const { stdout, status } = await command.finished;
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe('There is no desktop window here; the browser serves as one.');
    expect(existsSync(join(state, 'logs'))).toBe(true);
  });
});
