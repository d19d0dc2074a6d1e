import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { listImages, saveImages } from '../../../core/store/images.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { listTags } from '../../../core/store/tags.ts';
import { codeOf } from '../../support/code-of.ts';
import { sampleImage } from '../../support/project-samples.ts';
import { writeAndWait } from '../../support/project-writer.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const writer = pathToFileURL(join(import.meta.dirname, '../../support/project-writer.ts')).href;
/** Writes an image and a tag, says so, and stays. */
const script = `import { ${writeAndWait.name} as work } from '${writer}'; work(process.argv[1]);`;

test.skipIf(process.platform === 'win32')(
  'a project file that is moved while it is open takes everything with it and takes nothing more',
  () => {
    const folder = temporaryFolder();
    const [before, after] = [join(folder, 'before.congeal'), join(folder, 'after.congeal')];
    const project = openProject(before, { create: true });
    const add = (name: string) => saveImages(project, [sampleImage(project, name, 'a')]);
    add('kept.jpg');
    renameSync(before, after);
    for (let n = 0; n < 2; n++) {
      expect(() => add('late.jpg')).toThrow(/before\.congeal was moved, renamed or deleted .* open that file/);
      expect(codeOf(() => add('late.jpg'))).toBe('input-missing');
    }
    expect(listImages(project)).toHaveLength(1);
    closeProject(project);
    expect(readdirSync(folder)).toEqual(['after.congeal']);
    const again = openProject(after);
    expect(listImages(again)).toHaveLength(1);

    // Closed at once, without a write that would notice.
    saveImages(again, [sampleImage(again, 'second.jpg', 'b')]);
    renameSync(after, before);
    closeProject(again);
    const third = openProject(before);
    expect(listImages(third)).toHaveLength(2);
    // Back in its place it is as before.
    renameSync(before, after);
    renameSync(after, before);
    saveImages(third, [sampleImage(third, 'third.jpg', 'c')]);

    rmSync(before);
    expect(codeOf(() => saveImages(third, [sampleImage(third, 'fourth.jpg', 'd')]))).toBe('input-missing');
    closeProject(third);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test.skipIf(process.platform === 'win32')(
  'a project file that is moved while its process is killed has everything, without its log',
  async () => {
    const folder = temporaryFolder();
    const [before, after] = [join(folder, 'before.congeal'), join(folder, 'after.congeal')];
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, before], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    await expect.poll(() => statSync(`${before}-wal`).size, { timeout: 20_000 }).toBe(0);
    renameSync(before, after);
    child.kill('SIGKILL');
    await ended;
    const moved = openProject(after);
    expect(listImages(moved)).toHaveLength(1);
    expect(listTags(moved).map(({ name }) => name)).toEqual(['kept']);
    closeProject(moved);
  },
);

test('a project that is made where the log of another was left does not read it, and keeps it', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.congeal');
  const first = openProject(path, { create: true });
  saveImages(first, [sampleImage(first, 'first.jpg', 'a')]);
  const log = readFileSync(`${path}-wal`);
  expect(log.length).toBeGreaterThan(0);
  closeProject(first);
  rmSync(path);
  writeFileSync(`${path}-wal`, log);
  const second = openProject(path, { create: true });
  expect(listImages(second)).toEqual([]);
  closeProject(second);
  expect(readdirSync(folder).sort()).toEqual(['a.congeal', 'a.congeal-wal.left-1']);
  expect(readFileSync(`${path}-wal.left-1`).equals(log)).toBe(true);
});
