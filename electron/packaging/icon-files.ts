/** A square picture as PNG bytes, with its side in pixels. */
export interface IconPicture {
  readonly side: number;
  readonly png: Uint8Array;
}

/** The sides that an `.ico` holds. */
export const icoSides = [16, 24, 32, 48, 64, 128, 256] as const;

/** What an `.icns` calls its pictures: by side, once as they are and once as those of half the side on dense screens. */
const icnsTypes: readonly (readonly [type: string, side: number])[] = [
  ['icp4', 16],
  ['ic11', 32],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

/** The sides that an `.icns` holds. */
export const icnsSides: readonly number[] = [...new Set(icnsTypes.map(([, side]) => side))];

/**
 * Pictures as the bytes of a Windows `.ico`: a directory of 16 bytes a picture, then the PNG files. Throws for pictures
 * larger than its directory can name.
 */
export function encodeIco(pictures: readonly IconPicture[]): Uint8Array {
  const directory = Buffer.alloc(6 + 16 * pictures.length);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(pictures.length, 4);
  let offset = directory.length;
  for (const [n, { side, png }] of pictures.entries()) {
    if (side > 256) throw new RangeError(`An .ico holds pictures of up to 256 pixels; found ${side}.`);
    const at = 6 + 16 * n;
    // 0 stands for 256.
    directory.writeUInt8(side % 256, at);
    directory.writeUInt8(side % 256, at + 1);
    directory.writeUInt16LE(1, at + 4);
    directory.writeUInt16LE(32, at + 6);
    directory.writeUInt32LE(png.length, at + 8);
    directory.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([directory, ...pictures.map(({ png }) => png)]);
}

/** Pictures as the bytes of a macOS `.icns`: blocks of a type, a length and a PNG file. Throws where a side is missing. */
export function encodeIcns(pictures: readonly IconPicture[]): Uint8Array {
  const blocks = icnsTypes.map(([type, side]) => {
    const picture = pictures.find((one) => one.side === side);
    if (picture === undefined) throw new RangeError(`An .icns needs a picture of ${side} pixels.`);
    return block(type, picture.png);
  });
  return block('icns', Buffer.concat(blocks));
}

function block(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([head, content]);
}
