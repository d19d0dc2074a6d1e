import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { IconPicture } from './icon-files.ts';
import { encodeIcns, encodeIco, icnsSides, icoSides } from './icon-files.ts';

/** At and below this side the small drawing is used: fewer and stronger lines. */
const smallDrawing = 48;

/** The sides of the loose PNG files that Linux wants. */
const pngSides = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const;

/** Renders the drawings in `from` into `to`: PNG, `.ico` and `.icns` of the program, and of its project files. */
export async function renderIcons(from: string, to: string): Promise<void> {
  const drawing = (name: string) => readFile(join(from, name));
  const [large, small, project] = await Promise.all(['congeal.svg', 'congeal-small.svg', 'project.svg'].map(drawing));
  const program = (side: number) => render(side <= smallDrawing ? small : large, side);
  const file = (side: number) => render(project, side);
  for (const side of pngSides) await write(join(to, 'png', `${side}x${side}.png`), (await program(side)).png);
  for (const [name, draw] of [
    ['icon', program],
    // Named as the ending of the files that it is for.
    ['congeal', file],
  ] as const) {
    await write(join(to, `${name}.ico`), encodeIco(await Promise.all(icoSides.map(draw))));
    await write(join(to, `${name}.icns`), encodeIcns(await Promise.all(icnsSides.map(draw))));
  }
}

async function render(svg: Buffer, side: number): Promise<IconPicture> {
  const { width } = await sharp(svg).metadata();
  const density = Math.min(2400, (72 * side) / width);
  return { side, png: await sharp(svg, { density }).resize(side, side).png({ compressionLevel: 9 }).toBuffer() };
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
