import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../../../core/contract/command.ts';
import { CongealError } from '../../../../core/contract/errors.ts';
import type { Handlers } from '../../../../core/engine/handler.ts';
import { createHandlers } from '../../../../core/engine/handlers.ts';
import { createApp } from '../../../../core/engine/http/app.ts';
import { createDoorFiles } from '../../../../core/engine/http/door-files.ts';
import { engineWorld } from '../../../support/engine-world.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const address = 'http://127.0.0.1';

function appWith(download: () => Content): ReturnType<typeof createApp> {
  const { engine } = engineWorld();
  const handlers = createHandlers(engine);
  const changed: Handlers = { ...handlers, models: { ...handlers.models, download } };
  return createApp({ engine, handlers: changed });
}

describe('answers', () => {
  const bytes = Uint8Array.of(1, 2, 3);

  it('of bytes are named, kept as long as they may, and not sent twice', async () => {
    const app = appWith(() => ({ bytes, mediaType: 'application/octet-stream', immutable: true, fileName: 'ü".onnx' }));
    const first = await app.request(`${address}/api/models/m/file`);
    expect(new Uint8Array(await first.arrayBuffer())).toEqual(bytes);
    expect(first.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    expect(first.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%BC%22.onnx");
    const tag = first.headers.get('etag') ?? '';
    const second = await app.request(`${address}/api/models/m/file`, { headers: { 'If-None-Match': tag } });
    expect([second.status, (await second.arrayBuffer()).byteLength]).toEqual([304, 0]);
  });

  it('of another type than the contract names are a bug, never a page', async () => {
    const app = appWith(() => ({ bytes, mediaType: 'text/html' }));
    const answer = await app.request(`${address}/api/models/m/file`);
    expect([answer.status, await answer.json()]).toMatchObject([500, { error: { code: 'internal' } }]);
  });

  it('to what goes wrong are envelopes: known errors as they are, bugs without their insides', async () => {
    const failing = async (error: unknown) => {
      const app = appWith(() => {
        throw error;
      });
      const answer = await app.request(`${address}/api/models/m/file`);
      return [answer.status, ((await answer.json()) as { readonly error: unknown }).error];
    };
    const known = new CongealError('model-invalid', 'No ONNX.', { details: { at: 3 } });
    expect(await failing(known)).toEqual([422, { code: 'model-invalid', message: 'No ONNX.', details: { at: 3 } }]);
    expect(await failing(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toMatchObject([
      507,
      { code: 'disk-full' },
    ]);
    const bug = await failing(new TypeError('/home/ada/secret is not a function'));
    expect(bug).toMatchObject([500, { code: 'internal' }]);
    expect(JSON.stringify(bug)).not.toContain('ada');
  });

  it('say what may be asked where another method is used', async () => {
    const answer = await appWith(() => ({ bytes, mediaType: '' })).request(`${address}/api/settings`, {
      method: 'DELETE',
    });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, PATCH']);
  });

  it('include the document of the contract', async () => {
    const { engine } = engineWorld();
    const answer = await createApp({ engine, handlers: createHandlers(engine) }).request(`${address}/api/openapi.json`);
    expect(await answer.json()).toMatchObject({ openapi: '3.1.0' });
  });
});

describe('the files of the page', () => {
  it('are those that lie in its folder when it starts, and no others', async () => {
    const outer = temporaryFolder();
    const folder = join(outer, 'page');
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(outer, 'secret.js'), 'secret');
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'assets', 'app-1a2b3c4d.js'), 'code');
    writeFileSync(join(folder, 'notes.txt'), 'text');
    symlinkSync(join(outer, 'secret.js'), join(folder, 'link.js'));
    const files = await createDoorFiles(folder);
    writeFileSync(join(folder, 'late.js'), 'late');
    expect((await files('/'))?.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const asset = await files('/assets/app-1a2b3c4d.js');
    expect([await asset?.text(), asset?.headers.get('cache-control')]).toEqual([
      'code',
      'private, max-age=31536000, immutable',
    ]);
    const parts = ['..', '%2e%2e', '..%2f', '....', '.', '\\..\\', '%5c..', '//', '\0', 'assets/..'];
    const paths = parts.flatMap((one) =>
      parts.flatMap((two) => [`/${one}/${two}/secret.js`, `/${one}${two}secret.js`]),
    );
    for (const path of [...paths, '/link.js', '/late.js', '/notes.txt', '/assets', '/__proto__', '/constructor', ''])
      expect([path, await files(path)]).toEqual([path, undefined]);
    expect(paths.length).toBe(200);
  });

  it('without a built window are one page that says how to build it', async () => {
    const files = await createDoorFiles(join(temporaryFolder(), 'none'));
    const page = await files('/');
    expect([page?.status, page?.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(await page?.text()).toContain('npm run build');
    expect(await files('/main.js')).toBe(undefined);
  });
});
