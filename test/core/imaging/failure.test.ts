import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, loadWorkRaster, readImageInfo } from '../../../core/imaging/decode.ts';
import { fileOf, slope } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** A PNG whose header promises any size, with almost no data. */
function promising(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const jpeg = () => slope(40, 30).jpeg().toBuffer();

describe('files that cannot be used', () => {
  it.each([
    ['missing', '/nowhere/at-all.jpg'],
    ['missing', 'with\0zero.jpg'],
  ])('are %s', async (_, path) => {
    const result = await loadWorkRaster(path);
    expect(result.ok).toBe(false);
    expect(!result.ok && ['missing', 'unreadable']).toContain(!result.ok && result.code);
  });

  it.each([
    ['empty', ''],
    ['not-an-image', 'dear diary, this is only text'],
    ['unsupported-format', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['unsupported-format', '%PDF-1.7'],
    ['truncated', '\x89PNG\r\n\x1a\n'],
  ])('are %s: %j', async (code, text) => {
    const path = await fileOf('picture.jpg', Buffer.from(text, 'latin1'));
    const result = await loadWorkRaster(path);
    expect(result).toMatchObject({ ok: false });
    if (code === 'truncated') expect(!result.ok && ['truncated', 'damaged']).toContain(!result.ok && result.code);
    else expect(result).toMatchObject({ code });
  });

  it('are not files: folders, named pipes, devices', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'x.jpg'));
    expect(await readImageInfo(join(folder, 'x.jpg'))).toMatchObject({ ok: false, code: 'not-a-file' });
    if (process.platform === 'win32') return;
    execFileSync('/usr/bin/env', ['mkfifo', join(folder, 'pipe.jpg')]);
    expect(await readImageInfo(join(folder, 'pipe.jpg'))).toMatchObject({ ok: false, code: 'not-a-file' });
    expect(await readImageInfo('/dev/zero')).toMatchObject({ ok: false, code: 'not-a-file' });
  });

  it.skipIf(process.getuid?.() === 0)('are locked', async () => {
    const path = await fileOf('a.jpg', await jpeg());
    chmodSync(path, 0);
    expect(await readImageInfo(path)).toMatchObject({ ok: false, code: 'unreadable' });
  });

  it('have more pixels than allowed, known from the header alone', async () => {
    const path = await fileOf('huge.png', promising(30_000, 30_000));
    const result = await readImageInfo(path);
    expect(result).toMatchObject({ ok: false, code: 'too-many-pixels' });
    expect(!result.ok && result.reason).toContain('30000 x 30000 = 900 megapixels; at most 268 megapixels');
    const small = await fileOf('a.jpg', await jpeg());
    expect(await decodeImage(small, { limits: { pixels: 1199 } })).toMatchObject({
      ok: false,
      code: 'too-many-pixels',
    });
    expect((await decodeImage(small, { limits: { pixels: 1200 } })).ok).toBe(true);
  });

  it('have more bytes than allowed', async () => {
    const path = await fileOf('a.jpg', await jpeg());
    const bytes = readFileSync(path).length;
    expect(await decodeImage(path, { limits: { bytes: bytes - 1 } })).toMatchObject({
      ok: false,
      code: 'too-many-bytes',
    });
    expect((await decodeImage(path, { limits: { bytes } })).ok).toBe(true);
  });

  it('promise pixels that are not there', async () => {
    const result = await loadWorkRaster(await fileOf('a.png', promising(3000, 2000)));
    expect(result.ok).toBe(false);
  });

  it('hold floating-point samples', async () => {
    const data = new Float32Array(300).fill(0.5);
    const bytes = await sharp(data, { raw: { width: 10, height: 10, channels: 3 } })
      .toColourspace('scrgb')
      .tiff({ compression: 'none' })
      .toBuffer();
    const result = await decodeImage(await fileOf('a.tif', bytes));
    expect(result).toMatchObject({ ok: false, code: 'unsupported-format' });
  });

  it('take too long', async () => {
    const path = await fileOf('a.png', await slope(3000, 2500).png({ compressionLevel: 1 }).toBuffer());
    expect(await decodeImage(path, { limits: { seconds: 0.001 } })).toMatchObject({ ok: false });
  });
});

describe('names', () => {
  it.each([
    '-rf.jpg',
    '<img onerror=x>.jpg',
    'a\nb.jpg',
    `"it's".jpg`,
    '🦝 raccoon.jpg',
    'a[page=3].jpg',
    'b.jpg[shrink=2]',
    '%s%n.jpg',
    'é\u0301.jpg',
  ])('are only text: %j', async (name) => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, await jpeg());
    expect((await loadWorkRaster(path)).ok).toBe(true);
  });
});
