import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { answer, refusal } from '../../electron/app-answers.ts';
import type { PageFiles } from '../../electron/page-files.ts';
import { openPageFiles } from '../../electron/page-files.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { traversals } from '../support/traversals.ts';

let files: PageFiles;
let forwarded: string[];

beforeEach(() => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'assets'));
  for (const name of ['index.html', 'assets/index-AbCd1234.js', 'unlisted.html', 'notes.txt'])
    writeFileSync(join(folder, name), name);
  writeFileSync(join(folder, 'files.json'), JSON.stringify(['/index.html', '/assets/index-AbCd1234.js', '/notes.txt']));
  files = openPageFiles(folder);
  forwarded = [];
});

function ask(address: string, method = 'GET'): Promise<Response> {
  return answer(new Request(address, { method }), files, (_request, path) => {
    forwarded.push(path);
    return Promise.resolve(new Response('engine'));
  });
}

describe('app://congeal', () => {
  it('is the page, with a policy that loads nothing from elsewhere', async () => {
    const page = await ask('app://congeal/#/p/1/collection');
    expect([page.status, await page.text()]).toEqual([200, 'index.html']);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
    const script = await ask('app://congeal/assets/index-AbCd1234.js');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(page.headers.get('cache-control')).toBe('no-cache');
  });

  it('has only what the build listed and a page can be made of', async () => {
    for (const path of ['unlisted.html', 'files.json', 'notes.txt', 'assets', 'assets/', 'INDEX.HTML', 'index.html/'])
      expect([path, (await ask(`app://congeal/${path}`)).status]).toEqual([path, 404]);
    expect((await ask('app://congeal/index.html', 'POST')).status).toBe(404);
    expect((await ask('app://other/index.html')).status).toBe(404);
  });

  it('leads nowhere else, by 200 spellings of the way out', async () => {
    const spelt = traversals();
    expect(spelt.length).toBeGreaterThanOrEqual(200);
    for (const path of spelt) expect([path, (await ask(`app://congeal${path}`)).status]).toEqual([path, 404]);
    expect(forwarded).toEqual([]);
  });

  it('asks the engine under /api/, and never for what the shell alone may ask', async () => {
    expect(await (await ask('app://congeal/api/projects/1/images?limit=3', 'POST')).text()).toBe('engine');
    expect(forwarded).toEqual(['/api/projects/1/images?limit=3']);
    for (const path of ['/shell/grants', '/%73hell/grants', '/api/../shell/grants', '/api/%2e%2e/shell/grants', '/api'])
      expect([path, (await ask(`app://congeal${path}`, 'POST')).status]).toEqual([path, 404]);
    expect(forwarded).toHaveLength(1);
  });

  it('says in the words of the engine when there is none', async () => {
    const error = { code: 'unavailable', message: 'None.', details: {} } as const;
    const answered = refusal(503, { error });
    expect([answered.status, await answered.json()]).toEqual([503, { error }]);
  });
});
