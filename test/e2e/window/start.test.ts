import { describe, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { expectAccessible, openWindow } from '../../support/window.ts';

describe.skipIf(!hasBrowser)('the start screen', () => {
  it('is there at once, for everybody', async () => {
    const { page } = await openWindow();
    await page.getByRole('button', { name: 'Congeal' }).waitFor();
    await expectAccessible(page);
  });
});
