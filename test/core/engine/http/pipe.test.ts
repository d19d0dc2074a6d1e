import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHandlers } from '../../../../core/engine/handlers.ts';
import { createApp } from '../../../../core/engine/http/app.ts';
import { listenOnPipe } from '../../../../core/engine/http/listen-pipe.ts';
import type { Engine } from '../../../../core/engine/engine.ts';
import { openDoor } from '../../../support/door.ts';
import { engineWorld } from '../../../support/engine-world.ts';
import { filledProject } from '../../../support/filled-project.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

interface PipeAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function openPipe(engine: Engine): Promise<(path: string, body?: unknown) => Promise<PipeAnswer>> {
  const path =
    process.platform === 'win32' ? `\\\\.\\pipe\\congeal-test-${process.pid}` : join(temporaryFolder(), 'engine');
  onTestFinished(await listenOnPipe(engine, createHandlers(engine), path));
  return (address, body) =>
    new Promise((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST';
      const headers = { host: 'congeal', 'content-type': 'application/json' };
      const asked = request({ socketPath: path, path: address, method, headers, agent: false });
      asked.once('error', reject).once('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.once('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as PipeAnswer['body'] }),
        );
      });
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

describe('the door on a pipe', () => {
  it('answers all commands without a token', async () => {
    const ask = await openPipe(engineWorld().engine);
    expect(await ask('/api/health')).toMatchObject({ status: 200, body: { status: 'ready' } });
    expect(await ask('/api/nothing')).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
  });

  it('grants what was chosen: folders for a purpose, project files, and nothing else', async () => {
    const { engine, root } = engineWorld();
    const ask = await openPipe(engine);
    const project = join(root, 'one.congeal');
    const photo = join(root, 'photo.jpg');
    mkdirSync(join(root, 'photos'));
    for (const file of [project, photo]) writeFileSync(file, '');
    const paths = [join(root, 'photos'), project, photo, join(root, 'none')];
    const dropped = await ask('/shell/grants', { paths, purpose: null });
    const folder = { name: 'photos', kind: 'folder', writable: true };
    expect(dropped.body).toMatchObject({ grants: [folder, { name: 'one.congeal', kind: 'project' }, null, null] });
    const [first, second] = (dropped.body as { readonly grants: readonly { readonly id: string }[] }).grants;
    expect(engine.grants.pathOf(first.id, 'images')).toBe(paths[0]);
    expect(engine.grants.pathOf(second.id, 'project')).toBe(paths[1]);
    expect(() => engine.grants.pathOf(first.id, 'export')).toThrow('choose it again');
    const exporting = await ask('/shell/grants', { paths, purpose: 'export' });
    expect(exporting.body).toMatchObject({ grants: [folder, null, null, null] });
    expect(await ask('/shell/grants', { paths: ['photos'], purpose: null })).toMatchObject({
      status: 400,
      body: { error: { code: 'malformed', message: expect.stringContaining('not absolute') as unknown } },
    });
  });

  it('says where a project, an image and the log lie, and refuses what is not there', async () => {
    const { engine, client, project, root, stateFolder } = await filledProject();
    const ask = await openPipe(engine);
    const { images } = await client.images.page({ params: { project } });
    const image = await ask('/shell/locate', { kind: 'image', project, image: images[0].id });
    expect(realpathSync(String(image.body['path']))).toBe(realpathSync(join(root, 'photos', images[0].name)));
    const file = await ask('/shell/locate', { kind: 'project', project });
    expect(existsSync(String(file.body['path']))).toBe(true);
    const log = join(stateFolder, 'logs', 'engine.log');
    expect(await ask('/shell/locate', { kind: 'log' })).toMatchObject({ status: 200, body: { path: log } });
    const none = await ask('/shell/locate', { kind: 'export', project, run: '1' });
    expect(none).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
    expect((await ask('/shell/locate', { kind: 'file', path: '/etc/passwd' })).status).toBe(400);
  });

  it('is the only one that has what the shell may ask: a browser finds nothing there, in any spelling', async () => {
    const { engine } = engineWorld();
    const { port, token } = await openDoor(engine);
    const body = JSON.stringify({ paths: ['/'], purpose: null });
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    for (const path of ['/shell/grants', '/api/shell/grants', '/%73hell/grants', '//shell/grants', '/shell/locate']) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const document = await createApp({ engine, handlers: createHandlers(engine) }).request('http://x/api/openapi.json');
    expect(await document.text()).not.toContain('/shell/');
  });
});
