import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from '../support/cli.ts';
import { suiteFolder } from '../support/collection.ts';

const folder = suiteFolder();
const photo = join(folder, 'small.png');
const [width, height] = [6, 4];
const pixel = (x: number, y: number): number => 10 + 9 * (y * width + x);

const report = z.object({
  direction: z.string(),
  family: z.string(),
  theta: z.array(z.number()),
  parameters: z.array(z.object({ name: z.string(), unit: z.string(), value: z.number() })),
  crop: z.object({ width: z.number(), height: z.number() }),
  holes: z.number(),
  overlaps: z.number(),
  outside_fraction: z.number(),
  reading: z.object({ scale: z.number(), bending_px: z.number() }),
});

beforeAll(async () => {
  const data = Uint8Array.from({ length: width * height }, (_, i) => pixel(i % width, Math.floor(i / width)));
  const file = await sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  writeFileSync(photo, file);
});

/** Runs `congeal warp` and reads what it wrote. */
async function warp(name: string, ...words: readonly string[]) {
  const out = join(folder, name);
  const done = await runCli(['warp', photo, '--out', out, ...words]);
  expect(done.stderr + done.stdout).not.toContain('congeal:');
  expect(done.status).toBe(0);
  const picture = await sharp(join(out, 'warped.png')).raw().toBuffer({ resolveWithObject: true });
  const points = await sharp(join(out, 'points.png')).raw().toBuffer({ resolveWithObject: true });
  return { picture, points, json: report.parse(JSON.parse(readFileSync(join(out, 'warp.json'), 'utf8'))) };
}

describe('warp', () => {
  it('shows the image itself under the identity, in reverse', async () => {
    const { picture, json } = await warp('identity');
    expect([picture.info.width, picture.info.height]).toEqual([width, height]);
    for (let i = 0; i < width * height; i++)
      expect(picture.data[i * picture.info.channels]).toBe(pixel(i % width, Math.floor(i / width)));
    expect(json).toMatchObject({ direction: 'reverse', family: 'affine', holes: 0, overlaps: 0, outside_fraction: 0 });
  });

  it('drops pixels forwards: holes where a crop is enlarged, and the places that are read drawn on the image', async () => {
    const words = ['--direction', 'forward', '--family', 'attention', '--theta', '0.5,0,0', '--size', '6x4'];
    const { picture, points, json } = await warp('forward', ...words);
    /* The middle 3 x 2 pixels of the source are spread over 6 x 4: source pixel (x, y) falls at (2 x - 3 + 1, 2 y - 2 + 1). */
    expect([json.holes, json.overlaps]).toEqual([18, 0]);
    expect(json.parameters[0]).toEqual({ name: 'scale', unit: 'factor', value: 0.5 });
    expect(json.reading.scale).toBeCloseTo(0.5, 12);
    expect(picture.info.channels).toBe(4);
    const at = (x: number, y: number): Uint8Array => picture.data.subarray((y * 6 + x) * 4, (y * 6 + x) * 4 + 4);
    expect([...at(0, 1)]).toEqual([pixel(1, 1), pixel(1, 1), pixel(1, 1), 255]);
    expect(at(1, 1)[3]).toBe(0);
    const red = (i: number): boolean => points.data[3 * i] > 200 && points.data[3 * i + 1] < 90;
    const drawn = Array.from({ length: points.info.width * points.info.height }, (_, i) => red(i)).filter(Boolean);
    expect(drawn.length).toBeGreaterThan(24 * 5);
  });

  it('takes any family, splats, and says how far a transform bends', async () => {
    const lattice = [-1, -1 / 3, 1 / 3, 1].flatMap((y) => [-1, -1 / 3, 1 / 3, 1].flatMap((x) => [x, y]));
    lattice[10] += 0.2;
    const theta = ['--family', 'tps16', '--theta', lattice.join(',')];
    const { json } = await warp('spline', ...theta, '--direction', 'forward', '--splat', 'bilinear', '--no-normalise');
    expect(json.theta).toHaveLength(32);
    expect(json.reading.bending_px).toBeGreaterThan(0.05);
    const other = await warp(
      'nearest',
      ...theta,
      '--interpolation',
      'nearest',
      '--padding',
      'border',
      '--align-corners',
    );
    expect(new Set(other.picture.data).size).toBeGreaterThan(10);
  });

  it('says what does not fit', async () => {
    const out = join(folder, 'wrong');
    const wrong = await runCli(['warp', photo, '--out', out, '--family', 'affine', '--theta', '1,0,0']);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("The family 'affine' has 6 parameters")]);
    const unknown = await runCli(['warp', photo, '--out', out, '--family', 'tps12']);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining("no transform family 'tps12'")]);
    const flat = await runCli(['warp', photo, '--out', out, '--direction', 'forward', '--theta', '0,0,0,0,0,0']);
    expect([flat.status, flat.stderr]).toEqual([
      2,
      expect.stringMatching(/^congeal: .*affine 0,0,0,0,0,0 cannot be turned round/m),
    ]);
    const missing = await runCli(['warp', join(folder, 'none.png'), '--out', out]);
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining('none.png')]);
    writeFileSync(join(folder, 'cut.png'), readFileSync(photo).subarray(0, 60));
    const cut = await runCli(['warp', join(folder, 'cut.png'), '--out', out]);
    expect([cut.status, cut.stderr]).toEqual([2, expect.stringMatching(/^congeal: .*cut\.png: /m)]);
    expect(existsSync(out)).toBe(false);
    const text = await runCli(['warp', photo, '--out', out, '--theta', '1,b']);
    expect([text.status, text.stderr]).toEqual([2, expect.stringContaining("found 'b'")]);
  });
});
