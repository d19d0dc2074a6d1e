import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder } from '../../../core/store/cache-folder.ts';
import { cacheKey } from '../../../core/store/cache-key.ts';
import { Cache } from '../../../core/store/cache.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('a blob comes back in this and the next opening, under its key alone', () => {
  const folder = temporaryFolder();
  const key = cacheKey({ image: 'a'.repeat(64), longestSide: 256, version: 1 });
  const first = new Cache({ folder });
  expect(first.read(key)).toBeUndefined();
  first.write(key, Buffer.from('raster'));
  first.write(key, Buffer.from('raster again'));
  expect(first.read(key)).toEqual(Buffer.from('raster again'));
  first.close();
  const second = new Cache({ folder });
  expect(second.read(key)).toEqual(Buffer.from('raster again'));
  expect(second.read(cacheKey({ image: 'a'.repeat(64), longestSide: 128, version: 1 }))).toBeUndefined();
  second.close();
  expect(second.read(key)).toBeUndefined();
});

test('several blobs come back in one go, without those that are gone or damaged', () => {
  const folder = temporaryFolder();
  const cache = new Cache({ folder });
  cache.writeAll(['a', 'b', 'c'].map((key) => [key, Buffer.from(key)]));
  const database = new Database(join(folder, 'cache.sqlite'));
  database.exec("UPDATE entry SET blob = x'00' WHERE key = 'b'");
  database.close();
  expect([...cache.readAll(['c', 'b', 'none', 'a'])]).toEqual([
    ['c', Buffer.from('c')],
    ['a', Buffer.from('a')],
  ]);
  expect(cache.has('b')).toBe(false);
  cache.close();
  expect(cache.readAll(['a']).size).toBe(0);
});

test('a key depends on every part and not on their order', () => {
  expect(cacheKey({ a: 1, b: ['x', { c: null, d: true }] })).toBe(cacheKey({ b: ['x', { d: true, c: null }], a: 1 }));
  const keys = [{ a: 1 }, { a: '1' }, { a: [1] }, { b: 1 }, { a: 1, b: 1 }, { a: null }].map((parts) =>
    cacheKey(parts),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('beyond the limit what was not used for longest leaves', () => {
  const cache = new Cache({ folder: temporaryFolder(), limitBytes: 1000 });
  for (const key of ['a', 'b', 'c', 'd']) cache.write(key, Buffer.alloc(240, key));
  expect(cache.read('a')).toBeDefined();
  cache.write('e', Buffer.alloc(240, 'e'));
  expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.read(key) !== undefined)).toEqual(['a', 'd', 'e']);
  cache.write('too big', Buffer.alloc(950));
  expect(cache.read('too big')).toBeUndefined();
  expect(cache.read('a')).toBeDefined();
  cache.close();
});

test('says how full it is, keeps to a new limit, and reads no more than is asked for', () => {
  const cache = new Cache({ folder: temporaryFolder(), limitBytes: 1000 });
  for (const key of ['a', 'b', 'c']) cache.write(key, Buffer.alloc(240, key));
  expect([cache.bytes, cache.entries]).toEqual([720, 3]);
  expect(cache.read('a', 239)).toBeUndefined();
  expect(cache.read('a', 240)).toHaveLength(240);
  cache.setLimit(500);
  expect([cache.bytes, cache.entries]).toEqual([240, 1]);
  expect(cache.read('a')).toBeDefined();
  expect(cache.clear()).toBe(240);
  expect([cache.bytes, cache.entries]).toEqual([0, 0]);
  cache.write('d', Buffer.alloc(10));
  expect(cache.read('d')).toHaveLength(10);
  cache.close();
});

test('several processes share it: what is read is what somebody wrote, and the limit holds for all together', async () => {
  const folder = temporaryFolder();
  const script = `import { Cache } from ${JSON.stringify(new URL('../../../core/store/cache.ts', import.meta.url).href)};
    const cache = new Cache({ folder: process.argv[1], limitBytes: 200_000 });
    for (let index = 0; index < 400; index++) {
      const key = 'key ' + (index * 7 % 60);
      const other = 'key ' + (index * 11 % 60);
      cache.write(key, Buffer.alloc(5000, key));
      const blob = cache.read(other);
      if (blob !== undefined && !Buffer.alloc(5000, other).equals(blob)) throw new Error('wrong blob');
    }
    cache.close();`;
  const codes = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise((resolve) => {
          const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: 'inherit' });
          child.once('close', resolve);
        }),
    ),
  );
  expect(codes).toEqual([0, 0, 0]);
  const cache = new Cache({ folder, limitBytes: 200_000 });
  expect(cache.bytes).toBe(cache.entries * 5000);
  expect(cache.bytes).toBeLessThanOrEqual(200_000);
  expect(existsSync(join(folder, 'cache.sqlite.broken'))).toBe(false);
  cache.close();
});

test('a blob whose bytes have changed is not given out', () => {
  const folder = temporaryFolder();
  const cache = new Cache({ folder });
  cache.write('key', Buffer.from('right'));
  const database = new Database(join(folder, 'cache.sqlite'));
  database.prepare('UPDATE entry SET blob = ?').run(Buffer.from('wrong'));
  database.close();
  expect(cache.read('key')).toBeUndefined();
  cache.write('key', Buffer.from('right'));
  expect(cache.read('key')).toEqual(Buffer.from('right'));
  cache.close();
});

test.each<[string, (path: string) => void]>([
  ['text', (path) => writeFileSync(path, 'not a database '.repeat(1000))],
  ['another database', (path) => new Database(path).exec('CREATE TABLE entry (name TEXT)').close()],
])('a cache file that is %s is set aside and a new one begun', (_, make) => {
  const folder = temporaryFolder();
  const path = join(folder, 'cache.sqlite');
  make(path);
  const size = readFileSync(path).length;
  const cache = new Cache({ folder });
  cache.write('key', Buffer.from('blob'));
  expect(cache.read('key')).toEqual(Buffer.from('blob'));
  expect(readFileSync(`${path}.broken`)).toHaveLength(size);
  cache.close();
});

test('a cache file damaged inside is set aside when the damage is met', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'cache.sqlite');
  const first = new Cache({ folder });
  for (let index = 0; index < 300; index++) first.write(`key ${index}`, Buffer.alloc(2000, index));
  first.close();
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 5 * 4096);
  writeFileSync(path, bytes);
  const second = new Cache({ folder });
  for (let index = 0; index < 300; index++) second.read(`key ${index}`);
  second.write('key', Buffer.from('blob'));
  expect(second.read('key')).toEqual(Buffer.from('blob'));
  expect(existsSync(`${path}.broken`)).toBe(true);
  second.close();
});

test('what is kept is given out also while another process writes', () => {
  const folder = temporaryFolder();
  const cache = new Cache({ folder });
  cache.writeAll(['a', 'b'].map((key) => [key, Buffer.from(key)]));
  const other = new Database(join(folder, 'cache.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  expect(cache.read('a')).toEqual(Buffer.from('a'));
  expect(cache.readAll(['a', 'b', 'c']).size).toBe(2);
  other.exec('ROLLBACK');
  other.close();
  cache.close();
});

test('a cache file that is cut while it is open gives out nothing wrong, and takes all again', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'cache.sqlite');
  const cache = new Cache({ folder });
  const keys = Array.from({ length: 600 }, (_, n) => `key ${n}`);
  const blobOf = (key: string) => Buffer.alloc(5000, key);
  for (const key of keys) cache.write(key, blobOf(key));
  for (const length of [8192, 4096 * 100, 0]) {
    truncateSync(path, length);
    for (const key of keys) {
      const found = cache.read(key);
      if (found !== undefined) expect(found).toEqual(blobOf(key));
    }
    for (let round = 0; round < 2; round++) for (const key of keys) cache.write(key, blobOf(key));
    expect(keys.filter((key) => cache.read(key) === undefined)).toEqual([]);
  }
  cache.close();
});

test('without a usable folder nothing is remembered and nothing fails', () => {
  const folder = join(temporaryFolder(), 'file');
  writeFileSync(folder, '');
  const cache = new Cache({ folder });
  cache.write('key', Buffer.from('blob'));
  expect(cache.read('key')).toBeUndefined();
  const taken = temporaryFolder();
  mkdirSync(join(taken, 'cache.sqlite'));
  expect(new Cache({ folder: taken }).read('key')).toBeUndefined();
});

test('the folder is where each system keeps caches, unless chosen', () => {
  const folder = (platform: NodeJS.Platform, environment: Record<string, string>): string =>
    cacheFolder({ platform, environment, home: join('/', 'home', 'ada') });
  expect(folder('linux', {})).toBe(join('/', 'home', 'ada', '.cache', 'congeal'));
  expect(folder('linux', { XDG_CACHE_HOME: join('/', 'cache') })).toBe(join('/', 'cache', 'congeal'));
  expect(folder('darwin', {})).toBe(join('/', 'home', 'ada', 'Library', 'Caches', 'congeal'));
  expect(folder('win32', { LOCALAPPDATA: join('/', 'local') })).toBe(join('/', 'local', 'congeal', 'cache'));
  expect(folder('darwin', { CONGEAL_CACHE: join('/', 'mine') })).toBe(join('/', 'mine'));
});
