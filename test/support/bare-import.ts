import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { perceptualHash } from '../../core/imaging/perceptual-hash.ts';

/*
 * The work of an import as a plain loop over sharp: read, hash, facts, three thumbnails, perceptual hash; nothing is
 * remembered, nothing is checked. A process of its own, as an import has one: prints the seconds that it took.
 */

sharp.cache(false);
sharp.concurrency(1);

const [list] = process.argv.slice(2);
const paths = JSON.parse(await readFile(list, 'utf8')) as readonly string[];

async function look(path: string): Promise<number> {
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await sharp(bytes).metadata();
  const { data, info } = await sharp(bytes, { failOn: 'truncated' })
    .resize(512, 512, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const small = () => sharp(data, { raw: { width, height, channels } });
  let sum = sha256.length;
  for (const side of [64, 256, 512])
    sum += (await small().resize(side, side, { fit: 'inside' }).jpeg({ quality: 80 }).toBuffer()).length;
  perceptualHash({ width, height, channels, data });
  return sum;
}

const begun = performance.now();
const waiting = paths.values();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (const path of waiting) await look(path);
  }),
);
process.stdout.write(`${(performance.now() - begun) / 1000}\n`);
