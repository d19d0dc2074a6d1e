import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NetworkDescription } from '../../core/contract/network.ts';
import { createRandom, type Random } from '../../core/geometry/random.ts';
import { encodeRaster } from '../../core/imaging/encode.ts';
import type { LabelledImages } from '../../core/learn/classify/examples.ts';

/** Side of a glyph's picture in pixels. */
const glyphSide = 16;

/** Names of the drawn classes. */
const glyphClasses = ['bar', 'cross', 'ring'] as const;

/** Whether a point (half-widths from the middle, turned back) is part of a glyph. */
const inside: Record<(typeof glyphClasses)[number], (x: number, y: number) => boolean> = {
  bar: (x, y) => Math.abs(x) < 0.2 && Math.abs(y) < 0.8,
  cross: (x, y) => (Math.abs(x) < 0.2 && Math.abs(y) < 0.8) || (Math.abs(y) < 0.2 && Math.abs(x) < 0.6),
  ring: (x, y) => Math.hypot(x, y) < 0.75 && Math.hypot(x, y) > 0.4,
};

/** Glyphs of three classes, turned by up to 60 degrees and shifted a little, one after the other. */
export function drawGlyphs(perClass: number, seed: number): LabelledImages {
  const random = createRandom(seed);
  const count = perClass * glyphClasses.length;
  const pixels = new Uint8Array(count * glyphSide ** 2);
  const labels = Uint16Array.from({ length: count }, (_, n) => n % glyphClasses.length);
  for (const [n, label] of labels.entries()) drawGlyph(pixels, n, glyphClasses[label], random);
  return { shape: [1, glyphSide, glyphSide], pixels, labels, classes: glyphClasses };
}

function drawGlyph(pixels: Uint8Array, n: number, name: (typeof glyphClasses)[number], random: Random): void {
  const angle = (random.uniform(-60, 60) * Math.PI) / 180;
  const [right, down] = [random.uniform(-0.15, 0.15), random.uniform(-0.15, 0.15)];
  for (let i = 0; i < glyphSide ** 2; i++) {
    const u = (2 * ((i % glyphSide) + 0.5)) / glyphSide - 1 - right;
    const v = (2 * (Math.floor(i / glyphSide) + 0.5)) / glyphSide - 1 - down;
    const [x, y] = [Math.cos(angle) * u + Math.sin(angle) * v, Math.cos(angle) * v - Math.sin(angle) * u];
    if (inside[name](x, y)) pixels[n * glyphSide ** 2 + i] = 255;
  }
}

/** Writes glyphs as a pair of idx files and returns their paths. */
export function writeGlyphIdx(folder: string, name: string, glyphs: LabelledImages): [images: string, labels: string] {
  const header = (...sizes: number[]): Buffer => {
    const bytes = Buffer.alloc(4 + 4 * sizes.length);
    bytes.set([0, 0, 8, sizes.length]);
    for (const [axis, size] of sizes.entries()) bytes.writeUInt32BE(size, 4 + 4 * axis);
    return bytes;
  };
  const count = glyphs.labels.length;
  const [images, labels] = [join(folder, `${name}-images.gz`), join(folder, `${name}-labels`)];
  writeFileSync(images, gzipSync(Buffer.concat([header(count, glyphSide, glyphSide), glyphs.pixels])));
  writeFileSync(labels, Buffer.concat([header(count), Uint8Array.from(glyphs.labels)]));
  return [images, labels];
}

/** Writes glyphs as PNG files, a folder for each class. */
export async function writeGlyphFolders(folder: string, glyphs: LabelledImages): Promise<void> {
  for (const name of glyphClasses) mkdirSync(join(folder, name), { recursive: true });
  const size = glyphSide ** 2;
  for (const [n, label] of glyphs.labels.entries()) {
    const data = glyphs.pixels.subarray(n * size, (n + 1) * size);
    const png = await encodeRaster({ width: glyphSide, height: glyphSide, channels: 1, data }, { format: 'png' });
    writeFileSync(join(folder, glyphClasses[label], `${n}.png`), png);
  }
}

/** A network small enough for a test: a transformer, a convolution, a dense layer. */
export const glyphNetwork: NetworkDescription = {
  version: 1,
  layers: [
    {
      kind: 'transformer',
      localisation: [
        { kind: 'pool', size: 2 },
        { kind: 'dense', units: 12 },
      ],
      width: 12,
      height: 12,
    },
    { kind: 'conv', channels: 6, kernel: 3 },
    { kind: 'pool', size: 2 },
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 16 },
  ],
};
