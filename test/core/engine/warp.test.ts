import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { createWorkers } from '../../../core/compute/supervisor/workers.ts';
import { warpOptions } from '../../../core/contract/options.ts';
import { warp } from '../../../core/engine/warp.ts';
import { drawCollection, suiteFolder } from '../../support/collection.ts';

const entry = resolve(import.meta.dirname, '../../support/workers/hostile-worker.ts');
const folder = suiteFolder();
const images = join(folder, 'images');

beforeAll(() => drawCollection('glyphs', images, 1));

async function warped(name: string): Promise<void> {
  const workers = createWorkers({ entry, leaveMilliseconds: 100 });
  onTestFinished(() => workers.close());
  const options = warpOptions.parse({ image: join(images, name), out: join(folder, `${name}, warped`) });
  const messages = warp(options, { workers, signal: new AbortController().signal });
  for (let next = await messages.next(); next.done !== true; next = await messages.next());
}

it('names the image over which workers die, after the second, and leaves nothing behind', async () => {
  const [name] = readdirSync(images);
  cpSync(join(images, name), join(images, 'hostile.png'));
  await expect(warped('hostile.png')).rejects.toMatchObject({
    code: 'input-unreadable',
    message: expect.stringMatching(/hostile\.png: Worker processes died over this image.*SIGSEGV/) as string,
  });
  expect(existsSync(join(folder, 'hostile.png, warped'))).toBe(false);
  await warped(name);
  expect(readdirSync(join(folder, `${name}, warped`)).sort()).toEqual(['points.png', 'warp.json', 'warped.png']);
});
