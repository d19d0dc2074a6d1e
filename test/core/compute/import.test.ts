import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Glance } from '../../../core/compute/glances.ts';
import { importImages } from '../../../core/compute/import.ts';
import type { JobMessage } from '../../../core/compute/job.ts';
import { draw, slope } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const sides = [64, 256, 512];
const context = { signal: new AbortController().signal, threads: 2 };

async function all(messages: AsyncGenerator<JobMessage, unknown>) {
  const said: JobMessage[] = [];
  for await (const message of messages) said.push(message);
  const glances = said.flatMap((message): readonly Glance[] => (message.event === 'glances' ? message.glances : []));
  return { said, glances };
}

async function pictures(count: number) {
  const folder = temporaryFolder();
  return await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const path = join(folder, `${i}.jpg`);
      writeFileSync(
        path,
        await slope(40 + i, 30)
          .jpeg()
          .toBuffer(),
      );
      return { id: String(i), path };
    }),
  );
}

describe('looking at files', () => {
  it('tells what is known in the order of the files, several in a message, and how far it is', async () => {
    const files = await pictures(40);
    const { said, glances } = await all(importImages({ files, sides, allowDamaged: false }, context));
    expect(glances.map(({ id }) => id)).toEqual(files.map(({ id }) => id));
    expect(glances.every((glance) => glance.ok && glance.thumbnails.length === 3)).toBe(true);
    expect(glances[7]).toMatchObject({ ok: true, info: { width: 47, height: 30, format: 'jpeg' } });
    const batches = said.filter(({ event }) => event === 'glances');
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.length).toBeLessThan(12);
    expect(said.at(-1)).toEqual({ event: 'progress', phase: 'import', done: 40, total: 40 });
  });

  it('goes on after what was told before a worker died', async () => {
    const files = await pictures(20);
    const { said } = await all(importImages({ files, sides, allowDamaged: false }, context));
    const state = said.find((message) => message.event === 'checkpoint');
    const rest = await all(importImages({ files, sides, allowDamaged: false }, { ...context, resume: state?.bytes }));
    expect(rest.glances[0].id).toBe('16');
    expect(rest.glances).toHaveLength(4);
  });

  it('costs a hostile file that file only', async () => {
    const folder = temporaryFolder();
    const good = await slope(80, 60).jpeg().toBuffer();
    const names = [
      'a.jpg',
      'line\nbreak.jpg',
      'smile 😀.jpg',
      '<img src=x onerror=alert(1)>.jpg',
      'quote".jpg',
      'tail].jpg',
    ];
    for (const name of names) writeFileSync(join(folder, name), good);
    writeFileSync(join(folder, 'cut.jpg'), good.subarray(0, good.length - 200));
    writeFileSync(join(folder, 'wide.png'), hugePng(30_000, 30_000));
    writeFileSync(join(folder, 'text.jpg'), 'not an image');
    writeFileSync(join(folder, 'empty.png'), '');
    writeFileSync(
      join(folder, 'drawing.png'),
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    );
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
    const bad = ['cut.jpg', 'wide.png', 'text.jpg', 'empty.png', 'drawing.png', 'pipe.jpg', 'gone.jpg'];
    const files = [...bad, ...names].map((name) => ({ id: name, path: join(folder, name) }));
    const { glances } = await all(importImages({ files, sides, allowDamaged: false }, context));
    expect(glances.map((glance) => (glance.ok ? 'ok' : glance.code))).toEqual([
      'truncated',
      'too-many-pixels',
      'not-an-image',
      'empty',
      'unsupported-format',
      'not-a-file',
      'missing',
      ...names.map(() => 'ok'),
    ]);
  });

  it('takes what it may of large images', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'large.png');
    writeFileSync(
      path,
      await draw(50, 50, () => [1, 2, 3])
        .png()
        .toBuffer(),
    );
    const limits = { pixels: 2000 };
    const { glances } = await all(
      importImages({ files: [{ id: 'x', path }], sides, allowDamaged: false, limits }, context),
    );
    expect(glances).toMatchObject([{ ok: false, code: 'too-many-pixels' }]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const files = await pictures(60);
    const looking = importImages({ files, sides, allowDamaged: false }, { signal: stop.signal, threads: 2 });
    await looking.next();
    stop.abort(new Error('enough'));
    await expect(all(looking)).rejects.toThrow('enough');
  });
});

/** A PNG file that promises far more pixels than it holds. */
function hugePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
