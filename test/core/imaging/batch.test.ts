import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inOrder, loadAll } from '../../../core/imaging/batch.ts';
import { slope } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const numbers = Array.from({ length: 40 }, (_, i) => i);

describe('working through many items', () => {
  it('keeps their order and never has more in work than allowed', async () => {
    let [running, most, begun] = [0, 0, 0];
    const seen: number[] = [];
    for await (const { file, result } of inOrder(
      numbers,
      async (n) => {
        begun++;
        most = Math.max(most, ++running);
        await sleep((n * 7) % 5);
        running--;
        return n * 2;
      },
      { concurrency: 3 },
    )) {
      expect(result).toBe(file * 2);
      expect(begun).toBeLessThanOrEqual(seen.length + 6);
      seen.push(file);
    }
    expect(seen).toEqual(numbers);
    expect(most).toBe(3);
  });

  it('stops when told to, with nothing left running', async () => {
    const stop = new AbortController();
    const begun: number[] = [];
    let running = 0;
    const work = async (n: number) => {
      begun.push(n);
      running++;
      await sleep(2);
      running--;
    };
    const run = async () => {
      for await (const { file } of inOrder(numbers, work, { concurrency: 2, signal: stop.signal })) {
        if (file === 5) stop.abort(new Error('enough'));
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(running).toBe(0);
    expect(begun.length).toBeLessThan(12);
  });

  it('stops when the receiver leaves, and passes on what work throws', async () => {
    const begun: number[] = [];
    for await (const { file } of inOrder(numbers, (n) => Promise.resolve(begun.push(n)), { concurrency: 2 })) {
      if (file === 3) break;
    }
    expect(begun.length).toBeLessThan(12);
    const failing = async () => {
      for await (const { file } of inOrder(numbers, (n) => (n === 4 ? Promise.reject(new Error('four')) : sleep(1)))) {
        expect(file).toBeLessThan(4);
      }
    };
    await expect(failing()).rejects.toThrow('four');
  });
});

it('loads good files and reports broken ones in the order given', async () => {
  const folder = temporaryFolder();
  const good = await slope(60, 40).jpeg().toBuffer();
  const files = numbers.map((n) => ({ id: `${n}.jpg`, path: join(folder, `${n}.jpg`) }));
  files.forEach(({ path }, n) =>
    writeFileSync(path, n % 13 === 2 ? good : n % 2 === 0 ? good.subarray(0, -20) : 'text'),
  );
  const codes: string[] = [];
  for await (const { file, result } of loadAll(files, { maxSide: 30 })) {
    expect(file.id).toBe(`${codes.length}.jpg`);
    codes.push(result.ok ? `${result.value.raster.width} x ${result.value.raster.height}` : result.code);
  }
  expect(codes).toHaveLength(40);
  expect(new Set(codes)).toEqual(new Set(['30 x 20', 'truncated', 'not-an-image']));
  expect(codes.filter((code) => code === '30 x 20')).toHaveLength(3);
});
