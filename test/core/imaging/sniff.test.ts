import { describe, expect, it } from 'vitest';
import { sniffFormat } from '../../../core/imaging/sniff.ts';

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe('the format of a file', () => {
  it.each([
    ['jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
    ['png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['gif', 'GIF87a'],
    ['gif', 'GIF89a'],
    ['webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['tiff', 'II*\0\x08\0\0\0'],
    ['tiff', 'MM\0*\0\0\0\x08'],
    ['tiff', 'II+\0\x08\0\0\0'],
    ['avif', '\0\0\0\x1cftypavif\0\0\0\0mif1miaf'],
    ['avif', '\0\0\0\x1cftypmif1\0\0\0\0avifmiaf'],
  ])('is %s by its first bytes, whatever its name', (format, head) => {
    expect(sniffFormat(bytes(head), 'holiday.docx')).toEqual({ ok: true, value: format });
  });

  it.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['SVG', '\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n<svg width="9"/>'],
    ['PDF', '%PDF-1.7'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['HEIC', '\0\0\0\x18ftypmif1\0\0\0\0mif1heic'],
    ['RAW', 'II*\0\x10\0\0\0CR\x02\0'],
    ['RAW', 'FUJIFILMCCD-RAW 0201'],
    ['RAW', '\0\0\0\x18ftypcrx \0\0\0\x01'],
    ['JPEG XL', '\xff\x0a\xfa\x1f'],
    ['video', '\0\0\0\x18ftypisom\0\0\0\0mp42'],
    ['BMP', 'BM\x36\0\0\0'],
  ])('is refused by name for %s', (name, head) => {
    const result = sniffFormat(bytes(head), 'picture.jpg');
    expect(result).toMatchObject({ ok: false, code: 'unsupported-format' });
    expect(!result.ok && result.reason).toContain(name);
  });

  it('is RAW for a TIFF under the name of a RAW file', () => {
    expect(sniffFormat(bytes('II*\0\x08\0\0\0'), 'DSC_0001.NEF')).toMatchObject({
      ok: false,
      code: 'unsupported-format',
    });
  });

  it.each([
    'dear diary',
    '',
    '\0\0\0\0',
    '\xff\xd8',
    'RIFF\x10\0\0\0WAVEfmt ',
    'XXXX\x10\0\0\0WEBPVP8 ',
    '<html><body>',
  ])('is none for %j', (head) =>
    expect(sniffFormat(bytes(head), 'a.jpg')).toMatchObject({ ok: false, code: 'not-an-image' }),
  );
});
