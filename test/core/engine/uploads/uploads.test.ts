import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberedName, safeRelativePath } from '../../../../core/engine/uploads/file-names.ts';
import { createUploads, uploadFolder } from '../../../../core/engine/uploads/uploads.ts';
import { slope } from '../../../support/pictures.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const { signal } = new AbortController();
const atMostBytes = 1e6;

async function* pieces(bytes: Uint8Array, length = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) {
    await Promise.resolve();
    yield bytes.subarray(at, at + length);
  }
}

async function begun(files = 10, bytes = 1e6) {
  const project = join(temporaryFolder(), 'beetles.congeal');
  const uploads = createUploads();
  const upload = await uploads.begin('p', project, { files, bytes });
  const send = (name: string, body: Uint8Array, most = atMostBytes) =>
    uploads.receive('p', upload, { name, stream: pieces(body), signal, atMostBytes: most });
  return { uploads, upload, send, folder: uploadFolder(project) };
}

const jpeg = await slope(60, 40).jpeg().toBuffer();

describe('names that are sent', () => {
  it.each([
    ['beetle.jpg', 'beetle.jpg'],
    ['../../../etc/passwd', 'etc/passwd'],
    ['C:\\Users\\me\\beetle.jpg', 'C_/Users/me/beetle.jpg'],
    ['/absolute/./x//y.png', 'absolute/x/y.png'],
    ['.hidden/..png', 'hidden/png'],
    ['line\nbreak\u202egpj.exe', 'line_break_gpj.exe'],
    ['a<b>:"|?*.jpg', 'a_b______.jpg'],
    ['CON.jpg', '_CON.jpg'],
    ['trailing. . ', 'trailing'],
    ['smile 😀.jpg', 'smile 😀.jpg'],
    ['..', 'file'],
    ['', 'file'],
  ])('%j becomes %j', (sent, stored) => {
    expect(safeRelativePath(sent).join('/')).toBe(stored);
  });

  it('are plain whatever is sent, and change no more when they are sent again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (sent) => {
        const parts = safeRelativePath(sent);
        expect(parts.length).toBeGreaterThan(0);
        for (const part of parts) {
          expect(part).not.toMatch(/^[. ]*$|[/\\]|^\.|\p{Cc}/u);
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(181);
        }
        expect(safeRelativePath(parts.join('/'))).toEqual(parts);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });

  it('are numbered where they are taken', () => {
    expect([1, 2, 3].map((n) => numberedName('beetle.jpg', n))).toEqual([
      'beetle.jpg',
      'beetle (2).jpg',
      'beetle (3).jpg',
    ]);
    expect(numberedName('plain', 2)).toBe('plain (2)');
  });
});

describe('uploads', () => {
  it('store files beside the project, whole and under names of their own', async () => {
    const { uploads, upload, send, folder } = await begun();
    expect(await send('set/beetle.jpg', jpeg)).toMatchObject({ name: 'set/beetle.jpg', bytes: jpeg.length });
    expect(await send('set/beetle.jpg', jpeg)).toMatchObject({ name: 'set/beetle (2).jpg' });
    expect(readFileSync(join(folder, 'set', 'beetle.jpg')).equals(jpeg)).toBe(true);
    expect(uploads.finish('p', upload)).toBe(folder);
    await expect(send('late.jpg', jpeg)).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['text', Buffer.from('#!/bin/sh\nrm -rf /\n'), 'unsupported-media'],
    ['nothing', Buffer.alloc(0), 'unsupported-media'],
    ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2000)]), 'unsupported-media'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'), 'unsupported-media'],
  ])('refuse %s and leave nothing of it', async (_what, body, code) => {
    const { send, folder } = await begun();
    await expect(send('picture.jpg', body)).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuse more than was said and more than is taken, and leave nothing of it', async () => {
    const { send, folder } = await begun(1, 5 * jpeg.length);
    await expect(send('a.jpg', jpeg, jpeg.length - 1)).rejects.toMatchObject({ code: 'too-large' });
    expect(readdirSync(folder)).toEqual([]);
    await send('a.jpg', jpeg);
    await expect(send('b.jpg', jpeg)).rejects.toMatchObject({ code: 'too-many' });
    const small = await begun(3, jpeg.length + 1);
    await small.send('a.jpg', jpeg);
    await expect(small.send('b.jpg', jpeg)).rejects.toMatchObject({ code: 'too-large' });
  });

  it('leave nothing of a file that was cut off on its way', async () => {
    const { uploads, upload, folder } = await begun();
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield* pieces(jpeg.subarray(0, 600));
      throw new Error('connection lost');
    };
    const file = { name: 'a.jpg', stream: broken(), signal, atMostBytes };
    await expect(uploads.receive('p', upload, file)).rejects.toThrow('connection lost');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('remove what they brought when they are given up, and nothing else', async () => {
    const { uploads, upload, send, folder } = await begun();
    mkdirSync(join(folder, 'set'));
    writeFileSync(join(folder, 'set', 'old.jpg'), jpeg);
    await send('set/new.jpg', jpeg);
    await send('deep/er/new.jpg', jpeg);
    await uploads.cancel('p', upload);
    expect(readdirSync(folder)).toEqual(['set']);
    expect(readdirSync(join(folder, 'set'))).toEqual(['old.jpg']);
    const empty = await begun();
    await empty.send('a.jpg', jpeg);
    await empty.uploads.cancel('p', empty.upload);
    expect(existsSync(empty.folder)).toBe(false);
  });

  it('belong to one project', async () => {
    const { uploads, upload } = await begun();
    await expect(uploads.cancel('other', upload)).rejects.toMatchObject({ code: 'not-found' });
    expect(() => uploads.finish('p', upload)).toThrow(expect.objectContaining({ code: 'input-empty' }));
  });

  it('remove what an engine that was killed left half written', async () => {
    const project = join(temporaryFolder(), 'beetles.congeal');
    const folder = uploadFolder(project);
    mkdirSync(folder);
    writeFileSync(join(folder, '.upload-0123456789abcdef.partial'), 'half');
    writeFileSync(join(folder, '.upload-notes.partial'), 'mine');
    await createUploads().begin('p', project, { files: 1, bytes: 1 });
    expect(readdirSync(folder)).toEqual(['.upload-notes.partial']);
  });

  it('do not begin where there is no room', async () => {
    const project = join(temporaryFolder(), 'beetles.congeal');
    const plan = { files: 1, bytes: 2 ** 52 };
    await expect(createUploads().begin('p', project, plan)).rejects.toMatchObject({ code: 'disk-full' });
  });

  it('follow no link out of their folder', async () => {
    const { send, folder } = await begun();
    const outside = temporaryFolder();
    symlinkSync(outside, join(folder, 'way'));
    await expect(send('way/on/out.jpg', jpeg)).rejects.toMatchObject({ code: 'forbidden' });
    expect(readdirSync(outside)).toEqual([]);
  });
});
