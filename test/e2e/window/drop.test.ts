import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { dragFiles, dropFiles } from '../../support/drop-files.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { writePictures } from '../../support/filled-project.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { expectAccessible, openWindow, paintedPictures } from '../../support/window.ts';

describe.skipIf(!hasBrowser)('what is dropped on the window', () => {
  it('becomes a project, then more images of it; what is no image is said to be none', async () => {
    const outside = temporaryFolder();
    const [holiday, more, notes] = ['holiday', 'more', 'notes.txt'].map((name) => join(outside, name));
    await writePictures(holiday, ['a.jpg', 'b.jpg', 'c.jpg']);
    await writePictures(more, ['d.jpg', 'e.jpg']);
    writeFileSync(notes, 'no image');
    const { page } = await openWindow({ world: engineWorld() });
    await page.getByRole('button', { name: 'Choose a folder of images…' }).waitFor();
    await dragFiles(page, [holiday], ['dragEnter', 'dragOver']);
    await page.getByText('Drop to make a project').waitFor();
    await expectAccessible(page);
    await dragFiles(page, [holiday], ['drop']);
    await page.getByText('3 images', { exact: true }).waitFor();
    await page.getByText('holiday', { exact: true }).first().waitFor();

    await dropFiles(page, [join(more, 'd.jpg'), join(more, 'e.jpg')]);
    await page.getByText('5 images', { exact: true }).waitFor();
    await paintedPictures(page, '[role=option] img', 5);
    await dropFiles(page, [notes]);
    await page.getByText('There are no images among what was dropped.').waitFor();
    await expectAccessible(page);
  });
});
