import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { askPipe } from '../../electron/engine/ask-pipe.ts';
import { enginePlace } from '../../electron/engine/engine-place.ts';
import { menuTemplate } from '../../electron/menu.ts';
import { pathsAmong, wordsAfterProgram } from '../../electron/opened-files.ts';
import { fitToScreens, readWindowPlace, writeWindowPlace } from '../../electron/window-state.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('the place of the window', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const place = { x: 100, y: 80, width: 1200, height: 800, isMaximised: false, isFullScreen: false };

  it('is kept, and begun anew where its file is broken or cannot be written', () => {
    const file = join(temporaryFolder(), 'deeper', 'window.json');
    writeWindowPlace(file, place);
    expect(readWindowPlace(file)).toEqual(place);
    for (const broken of ['', '{}', '[]', '{"x":1e99}', JSON.stringify({ ...place, width: '1200' })]) {
      writeFileSync(file, broken);
      expect(readWindowPlace(file)).toMatchObject({ width: 1440, height: 900 });
    }
    writeWindowPlace(join(file, 'below-a-file'), place);
  });

  it('is within reach on the screens that there are', () => {
    expect(fitToScreens(place, [screen])).toEqual(place);
    for (const gone of [{ x: 5000 }, { y: -400 }, { x: -1150 }, { y: 1060 }]) {
      const fitted = fitToScreens({ ...place, ...gone }, [screen]);
      expect([gone, fitted.x, fitted.y]).toEqual([gone, undefined, undefined]);
    }
    const second = { ...screen, x: 1920 };
    expect(fitToScreens({ ...place, x: 2500 }, [screen, second]).x).toBe(2500);
    expect(fitToScreens({ ...place, width: 9000, height: 10 }, [screen])).toMatchObject({ width: 1920, height: 560 });
    expect(fitToScreens(place, [])).toMatchObject({ width: 1200, height: 800 });
  });
});

describe('the words of a command line', () => {
  it('name files; switches, addresses and the program itself do not', () => {
    const words = wordsAfterProgram(['electron', '--inspect=0', '/app', 'a.congeal', '--no-sandbox', '/b/c'], false);
    expect(pathsAmong(words, '/here')).toEqual(['/here/a.congeal', '/b/c']);
    expect(wordsAfterProgram(['Congeal', 'a.congeal'], true)).toEqual(['a.congeal']);
    expect(pathsAmong(['https://example.org/', 'file:///etc/passwd', '-x', ''], '/here')).toEqual([]);
  });
});

describe('the engine’s program', () => {
  it('is run by a plain Node, which lies beside the packed program and in development where npm put it', () => {
    const packed = { isPackaged: true, top: '/opt/Congeal/resources/app.asar', resources: '/opt/Congeal/resources' };
    expect(enginePlace({ ...packed, platform: 'linux' })).toEqual({
      node: '/opt/Congeal/resources/node/node',
      entry: '/opt/Congeal/resources/app.asar.unpacked/core/cli/congeal.js',
    });
    expect(enginePlace({ ...packed, isPackaged: false, top: '/repository', platform: 'win32' })).toEqual({
      node: '/repository/node_modules/node/bin/node.exe',
      entry: '/repository/core/cli/congeal.js',
    });
  });
});

describe('asking over a pipe', () => {
  it('streams, hands over what was sent, and ends at the other side when it is cancelled here', async () => {
    const pipe = process.platform === 'win32' ? `\\\\.\\pipe\\ask-${process.pid}` : join(temporaryFolder(), 'pipe');
    const seen: Record<string, unknown>[] = [];
    const closed = Promise.withResolvers<undefined>();
    const server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        seen.push({ url: request.url, method: request.method, text, ...request.headers });
        response.writeHead(200, { 'X-Answer': 'yes' });
        response.write('first');
        response.on('close', () => closed.resolve(undefined));
      });
    }).listen(pipe);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const headers = [
      ['content-type', 'text/plain'],
      ['origin', 'app://congeal'],
      ['cookie', 'a=b'],
    ] as const;
    const body = new Blob(['to the engine']).stream();
    const answer = await askPipe(pipe, { method: 'POST', path: '/api/x?y=1', headers, body });
    expect([answer.status, answer.headers.get('x-answer')]).toEqual([200, 'yes']);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
    await reader.cancel();
    await closed.promise;
    expect(seen).toMatchObject([{ url: '/api/x?y=1', method: 'POST', text: 'to the engine', host: 'congeal' }]);
    expect(seen[0]).not.toHaveProperty('origin');
    expect(seen[0]).not.toHaveProperty('cookie');
    await expect(askPipe(`${pipe}-none`, { method: 'GET', path: '/', headers: [] })).rejects.toThrow();
  });
});

describe('the menu', () => {
  it.each(['darwin', 'win32', 'linux'] as const)(
    'on %s has no key twice, and every item does something',
    (platform) => {
      const nothing = vi.fn();
      const template = menuTemplate({
        platform,
        hasDeveloperTools: false,
        recent: [{ id: 'r1', name: 'Tom & Jerry', place: '/x', missing: false }],
        ...{
          tell: nothing,
          openProject: nothing,
          addImages: nothing,
          forgetRecent: nothing,
          showLog: nothing,
          follow: nothing,
        },
      });
      const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
      const keys = items.flatMap(({ accelerator }) => (accelerator === undefined ? [] : [accelerator]));
      expect(new Set(keys).size).toBe(keys.length);
      for (const item of items.flatMap((one) => (Array.isArray(one.submenu) ? one.submenu : [one])))
        expect([item.label, item.role ?? item.type ?? item.click]).toEqual([item.label, expect.anything()]);
      expect(JSON.stringify(template)).not.toMatch(/toggleDevTools|reload/i);
      const recent = items.find(({ id }) => id === 'recent')?.submenu;
      expect(Array.isArray(recent) ? recent[0].label : '').toBe('Tom && Jerry');
    },
  );
});
