import type { BrowserWindow, OpenDialogOptions } from 'electron';
import { dialog } from 'electron';
import type { DesktopPurpose } from '../core/contract/desktop.ts';

const folderTitles: Readonly<Record<DesktopPurpose, string>> = {
  images: 'Choose a folder of images',
  project: 'Choose a folder for the project',
  export: 'Choose a folder to export into',
};

/** Lets a person choose a folder; undefined where they gave up. */
export async function chooseFolder(window: BrowserWindow, purpose: DesktopPurpose): Promise<string | undefined> {
  const mayMake = purpose === 'images' ? [] : (['createDirectory'] as const);
  const [path] = await choose(window, {
    title: folderTitles[purpose],
    buttonLabel: 'Choose',
    properties: ['openDirectory', ...mayMake],
  });
  return path;
}

/** Lets a person choose project files; none where they gave up. */
export async function chooseProjects(window: BrowserWindow): Promise<readonly string[]> {
  return await choose(window, {
    title: 'Open a project',
    filters: [{ name: 'Congeal projects', extensions: ['congeal'] }],
    properties: ['openFile'],
  });
}

/** Lets a person say where a file shall be written; undefined where they gave up. */
export async function chooseTarget(window: BrowserWindow, name: string): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save',
    defaultPath: name.replaceAll(/[/\\:*?"<>|]/g, '_'),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || filePath === '' ? undefined : filePath;
}

async function choose(window: BrowserWindow, options: OpenDialogOptions): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? [] : filePaths;
}
