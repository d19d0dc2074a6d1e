import type { Page } from 'playwright-core';

/** Drags files and folders of the disk over the page and lets them go, as the system does. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  await dragFiles(page, paths, ['dragEnter', 'dragOver', 'drop']);
}

/** Some steps of a drag of files and folders of the disk. */
export async function dragFiles(
  page: Page,
  paths: readonly string[],
  steps: readonly ('dragEnter' | 'dragOver' | 'drop')[],
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of steps) await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
}
