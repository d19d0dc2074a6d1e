import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listImages, saveImages } from '../../../core/store/images.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { codeOf } from '../../support/code-of.ts';
import { sampleImage } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

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
