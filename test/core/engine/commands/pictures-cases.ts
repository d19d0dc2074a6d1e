import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';
import { addressOf } from '../../../../core/contract/client.ts';
import { commands } from '../../../../core/contract/commands.ts';
import { picturesOfBundle } from '../../../../core/contract/picture-bundle.ts';
import { createHandlers } from '../../../../core/engine/handlers.ts';
import { createApp } from '../../../../core/engine/http/app.ts';
import type { Project } from '../../../../core/store/database.ts';
import type { ImageId, RunId } from '../../../../core/store/ids.ts';
import { startRun } from '../../../../core/store/runs.ts';
import { completeRun } from '../../../../core/store/run-result.ts';
import type { FilledProject } from '../../../support/filled-project.ts';
import { filledProject } from '../../../support/filled-project.ts';
import type { GroupCases } from './command-case.ts';

/** A finished alignment in which the first image has a pose. */
function aligned({ engine, project }: FilledProject): string {
  const writer = engine.projects.get(project).writer as Project;
  const run: RunId = startRun(writer, {
    ...{ kind: 'align', options: {}, seed: 1, stage: 'begin', versions: {}, startedAt: 1 },
  });
  const pose = [30, 0, 60, 0, 30, 40, 0, 0, 1] as const;
  const transform = {
    image: 1 as ImageId,
    family: 'affine',
    canonicalToImage: pose,
    mirrored: false,
    status: 'ok',
    box: null,
  };
  completeRun(writer, run, { transforms: [transform], scores: [], models: [], finishedAt: 2 });
  return String(run);
}

async function sizeOf({ bytes, mediaType }: { readonly bytes: Uint8Array; readonly mediaType: string }) {
  const { width, height, channels } = await sharp(bytes).metadata();
  return { mediaType, width, height, channels };
}

const image = '1';

export const picturesCases: GroupCases<'pictures'> = {
  thumbnail: async () => {
    const { client, engine, project, folder } = await filledProject();
    const params = { project, image };
    const { thumbnail } = await client.images.one({ params });
    const kept = await client.pictures.thumbnail({ params, query: { side: 64, v: thumbnail } });
    expect(await sizeOf(kept)).toEqual({ mediaType: 'image/jpeg', width: 64, height: 43, channels: 3 });
    expect(engine.workers.status().waiting).toBe(0);
    await client.system.clearCache();
    expect((await client.pictures.thumbnail({ params, query: { side: 64 } })).bytes).toEqual(kept.bytes);
    await client.system.clearCache();
    writeFileSync(join(folder, 'a.jpg'), await sharp(kept.bytes).jpeg().toBuffer());
    await expect(client.pictures.thumbnail({ params })).rejects.toMatchObject({ code: 'input-unreadable' });
    rmSync(join(folder, 'a.jpg'));
    await expect(client.pictures.thumbnail({ params })).rejects.toMatchObject({ code: 'input-missing' });
  },
  thumbnails: async () => {
    const { client, engine, project } = await filledProject();
    const params = { project };
    const { images } = await client.images.page({ params });
    const [ids, v] = [images.map(({ id }) => id), images.map(({ thumbnail }) => thumbnail)];
    const asked = { params, query: { image: [...ids, '999'], side: 64 as const } };
    const answer = await client.pictures.thumbnails(asked);
    expect(answer.mediaType).toBe('application/octet-stream');
    const single = ids.map((id) => client.pictures.thumbnail({ params: { project, image: id }, query: { side: 64 } }));
    const pictures = await Promise.all(single.map(async (one) => (await one).bytes));
    expect(picturesOfBundle(answer.bytes)).toEqual([...pictures, undefined]);
    expect(() => picturesOfBundle(answer.bytes.subarray(0, 100))).toThrow('ends within picture 1');
    const app = createApp({ engine, handlers: createHandlers(engine) });
    const keeping = async (versions: readonly string[]) => {
      const query = { image: ids, v: [...versions], side: 64 as const };
      const { headers } = await app.request(addressOf(commands.pictures.thumbnails, { params, query }));
      return headers.get('cache-control');
    };
    expect(await keeping(v)).toContain('immutable');
    expect(await keeping(v.map(() => 'older'))).toContain('no-cache');
    await client.system.clearCache();
    expect(picturesOfBundle((await client.pictures.thumbnails(asked)).bytes)).toEqual(
      asked.query.image.map(() => undefined),
    );
    const never = { params, query: { image: ['none'] } };
    await expect(client.pictures.thumbnails(never)).rejects.toMatchObject({ code: 'not-found' });
  },
  aligned: async () => {
    const filled = await filledProject();
    const { client, project } = filled;
    const run = aligned(filled);
    const row = await client.images.one({ params: { project, image }, query: { run } });
    expect(row).toMatchObject({ result: 'ok', decision: 'none', results: [{ run, status: 'ok', box: null }] });
    const query = { run, side: 64 as const, v: row.aligned ?? '' };
    const made = await client.pictures.aligned({ params: { project, image }, query });
    expect(await sizeOf(made)).toEqual({ mediaType: 'image/jpeg', width: 64, height: 64, channels: 3 });
    const other = { params: { project, image: '2' }, query };
    await expect(client.pictures.aligned(other)).rejects.toMatchObject({ code: 'not-found' });
  },
  crop: async () => {
    const filled = await filledProject();
    const { client, project } = filled;
    const query = { run: aligned(filled), width: 40, height: 30, outside: 'transparent' as const, margin: 1 };
    const made = await client.pictures.crop({ params: { project, image }, query });
    expect(await sizeOf(made)).toEqual({ mediaType: 'image/png', width: 40, height: 30, channels: 4 });
    const within = {
      matrix: [10, 0, 60, 0, 10, 40, 0, 0, 1],
      interpolation: 'nearest' as const,
      outside: query.outside,
    };
    const look = async (asked: { width: number; height: number; margin: number }) => {
      const { bytes } = await client.pictures.warp({ params: { project, image }, query: { ...within, ...asked } });
      return sharp(bytes);
    };
    const plain = await look({ width: 20, height: 20, margin: 0 });
    const middle = await look({ width: 40, height: 40, margin: 0.5 });
    const inner = middle.extract({ left: 10, top: 10, width: 20, height: 20 });
    expect(await inner.raw().toBuffer()).toEqual(await plain.raw().toBuffer());
  },
  warp: async () => {
    const { client, project } = await filledProject();
    const params = { project, image };
    const whole = await client.pictures.warp({ params, query: { family: 'affine', width: 120, height: 80 } });
    expect(await sizeOf(whole)).toMatchObject({ width: 120, height: 80 });
    const family = { family: 'similarity' as const, parameters: [0.3, 0, 0, 0], width: 64, height: 64 };
    for (const interpolation of ['nearest', 'bilinear', 'bicubic'] as const)
      expect(
        (await client.pictures.warp({ params, query: { ...family, interpolation } })).bytes.length,
      ).toBeGreaterThan(99);
    const matrix = [60, 0, 60, 0, 40, 40, 0, 0, 1];
    const forward = await client.pictures.warp({
      params,
      query: { matrix, width: 240, height: 160, mapping: 'forward' },
    });
    const { data, info } = await sharp(forward.bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 240, height: 160, channels: 4 });
    expect(data.filter((value, i) => i % 4 === 3 && value === 0).length).toBe((240 * 160 * 3) / 4);
    const straight = [-1, 0, 1].flatMap((y) => [-1, 0, 1].flatMap((x) => [0.53 * x, 0.53 * y]));
    for (const mapping of ['reverse', 'forward'] as const) {
      const size = { width: 60, height: 40, mapping, margin: 0.1 };
      const spline = await client.pictures.warp({ params, query: { family: 'tps9', parameters: straight, ...size } });
      const same = { family: 'affine' as const, parameters: [0.53, 0, 0, 0, 0.53, 0] };
      const affine = await client.pictures.warp({ params, query: { ...same, ...size } });
      const [a, b] = [await sharp(spline.bytes).raw().toBuffer(), await sharp(affine.bytes).raw().toBuffer()];
      expect(a.length).toBe(b.length);
      expect(a.filter((value, i) => Math.abs(value - b[i]) > 1).length).toBeLessThan(a.length / 100);
    }
    const short = client.pictures.warp({ params, query: { family: 'tps16', parameters: straight } });
    await expect(short).rejects.toMatchObject({ code: 'malformed' });
    const few = client.pictures.warp({ params, query: { family: 'similarity', parameters: [1] } });
    await expect(few).rejects.toMatchObject({ code: 'malformed' });
  },
  pyramid: async () => {
    const { client, project } = await filledProject();
    const { levels, tile } = await client.pictures.pyramid({ params: { project, image } });
    expect([tile, levels]).toEqual([512, [{ width: 120, height: 80, columns: 1, rows: 1 }]]);
  },
  tile: async () => {
    const { client, project } = await filledProject();
    const params = { project, image, level: 0, column: 0, row: 0 };
    const made = await client.pictures.tile({ params });
    expect(await sizeOf(made)).toEqual({ mediaType: 'image/jpeg', width: 120, height: 80, channels: 3 });
    for (const beyond of [{ level: 1 }, { column: 1 }, { row: 1 }])
      await expect(client.pictures.tile({ params: { ...params, ...beyond } })).rejects.toMatchObject({
        code: 'not-found',
      });
  },
};
