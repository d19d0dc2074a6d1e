import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scanFolder } from '../../../core/datasets/folder.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function filled(names: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), 'x');
  }
  return folder;
}

describe('scanning a folder', () => {
  it('finds images at any depth, in plain order of their paths', async () => {
    const names = ['b.jpg', 'a/z.PNG', 'a-1.webp', 'Z.tif', 'a/b/c/d.gif', 'é.avif', '10.jpeg', '9.jpg', 'a/B.tiff'];
    const folder = filled(names);
    const scan = await scanFolder(folder);
    expect(scan.images.map(({ id }) => id)).toEqual([...names].sort());
    expect(scan.images.every(({ id, path }) => path === join(folder, id))).toBe(true);
    expect(scan.failures).toEqual([]);
  });

  it('passes over hidden files and links, and lists other files', async () => {
    const folder = filled(['a.jpg', '.b.jpg', '.git/c.jpg', 'notes.txt', 'jpg', 'd.jpg.part', 'sub/e.csv']);
    symlinkSync(join(folder, 'a.jpg'), join(folder, 'link.jpg'));
    symlinkSync(folder, join(folder, 'circle'));
    const scan = await scanFolder(folder);
    expect(scan.images.map(({ id }) => id)).toEqual(['a.jpg']);
    expect(scan.skipped).toEqual(['circle', 'd.jpg.part', 'jpg', 'link.jpg', 'notes.txt', 'sub/e.csv']);
  });

  it('goes into folders named like images and never opens a pipe', async () => {
    const folder = filled(['x.jpg/inside.png', 'y.png']);
    execFileSync('/usr/bin/env', ['mkfifo', join(folder, 'pipe.jpg'), join(folder, 'pipe')]);
    const scan = await scanFolder(folder);
    expect(scan.images.map(({ id }) => id)).toEqual(['x.jpg/inside.png', 'y.png']);
    expect(scan.failures).toMatchObject([{ id: 'pipe.jpg', code: 'not-a-file' }]);
    expect(scan.skipped).toEqual(['pipe']);
  });

  it('says why HEIC and RAW files are not used', async () => {
    const scan = await scanFolder(filled(['a.jpg', 'IMG_1.HEIC', 'DSC_2.NEF', 'c.dng']));
    expect(scan.failures.map(({ id, code }) => [id, code])).toEqual([
      ['DSC_2.NEF', 'unsupported-format'],
      ['IMG_1.HEIC', 'unsupported-format'],
      ['c.dng', 'unsupported-format'],
    ]);
    expect(scan.failures[1].reason).toContain('HEIC');
    expect(scan.failures[0].reason).toContain('RAW');
  });

  it('takes names as they are', async () => {
    const names = [
      '-rf.jpg',
      '<img onerror=x>.jpg',
      'a\nb.jpg',
      `"it's".jpg`,
      '🦝.jpg',
      '$(rm).jpg',
      '__proto__.jpg',
      ' .jpg',
    ];
    const scan = await scanFolder(filled(names));
    expect(scan.images.map(({ id }) => id)).toEqual([...names].sort());
  });

  it('refuses what holds no images, in one clear line', async () => {
    await expect(scanFolder('/nowhere/at\nall')).rejects.toMatchObject({
      code: 'input-missing',
      message: 'There is no folder "/nowhere/at\\nall". Give the path of a folder of images.',
    });
    const folder = filled(['a.txt']);
    await expect(scanFolder(join(folder, 'a.txt'))).rejects.toMatchObject({ code: 'input-missing' });
    const holding = scanFolder(folder);
    await expect(holding).rejects.toMatchObject({ code: 'input-empty' });
    await expect(holding).rejects.toThrow('holds no images: it holds 1 other file.');
    await expect(scanFolder(temporaryFolder())).rejects.toThrow('it is empty');
  });

  it.skipIf(process.getuid?.() === 0)('says which folders may not be read', async () => {
    const folder = filled(['a.jpg', 'locked/b.jpg']);
    chmodSync(join(folder, 'locked'), 0);
    const scan = await scanFolder(folder);
    expect(scan.failures).toMatchObject([{ id: 'locked/', code: 'unreadable' }]);
    await expect(scanFolder(join(folder, 'locked'))).rejects.toMatchObject({ code: 'input-unreadable' });
    chmodSync(join(folder, 'locked'), 0o755);
  });

  it('copes with many files and stops when told to', async () => {
    const folder = filled(Array.from({ length: 5000 }, (_, i) => `${i % 50}/${i}.jpg`));
    expect((await scanFolder(folder)).images).toHaveLength(5000);
    const stop = new AbortController();
    const scanning = scanFolder(folder, stop.signal);
    stop.abort(new Error('enough'));
    await expect(scanning).rejects.toThrow('enough');
  });
});
