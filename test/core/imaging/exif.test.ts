import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readImageInfo } from '../../../core/imaging/decode.ts';
import { readExif } from '../../../core/imaging/exif.ts';
import { fileOf, slope, valueOf } from '../../support/pictures.ts';

const taken = Date.UTC(2024, 4, 31, 12, 0, 1);

async function withExif(main: Record<string, string>, details: Record<string, string>) {
  const bytes = await slope(16, 12).withExif({ IFD0: main, IFD2: details }).jpeg().toBuffer();
  return valueOf(await readImageInfo(await fileOf('taken.jpg', bytes)));
}

describe('when a picture was taken', () => {
  it('is read with its fraction of a second', async () => {
    const info = await withExif({}, { DateTimeOriginal: '2024:05:31 12:00:01', SubSecTimeOriginal: '25' });
    expect(info.takenAt).toBe(taken + 250);
  });

  it('is the time of digitising or of the last change where nothing better is known', async () => {
    expect((await withExif({ DateTime: '2024:05:31 12:00:01' }, {})).takenAt).toBe(taken);
    const both = await withExif({ DateTime: '2020:01:01 00:00:00' }, { DateTimeDigitized: '2024:05:31 12:00:01' });
    expect(both.takenAt).toBe(taken);
  });

  it.each(['2024:02:30 12:00:00', '0000:00:00 00:00:00', '    :  :     :  :  ', 'yesterday', '2024:05:31 24:00:00'])(
    'is not taken from %j',
    async (text) => {
      expect((await withExif({}, { DateTimeOriginal: text })).takenAt).toBeUndefined();
    },
  );

  it('is unknown without EXIF', async () => {
    const path = await fileOf('plain.png', await slope(9, 9).png().toBuffer());
    expect(valueOf(await readImageInfo(path)).takenAt).toBeUndefined();
  });
});

it('reads nothing beyond the end of a block, however it is cut or changed', async () => {
  const bytes = await slope(16, 12)
    .withExif({ IFD0: { DateTime: '2024:05:31 12:00:01' }, IFD2: { DateTimeOriginal: '2024:05:31 12:00:01' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { exif = new Uint8Array() } = await sharp(bytes).metadata();
  expect(readExif(exif).orientation).toBe(6);
  for (let end = 0; end < exif.length; end++) expect(() => readExif(exif.subarray(0, end))).not.toThrow();
  for (let at = 0; at < exif.length; at++)
    for (const value of [0, 0xff, exif[at] ^ 0x10]) {
      const changed = Uint8Array.from(exif);
      changed[at] = value;
      expect(() => readExif(changed)).not.toThrow();
    }
});
