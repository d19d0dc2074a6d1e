import { desktop } from '../api/desktop.ts';
import type { DroppedFile } from '../state/dropped-files.ts';
import { imagesOf, nameOfDrop, takeDrop } from '../state/dropped-files.ts';
import { Upload } from '../state/upload.svelte.ts';
import type { WindowState } from '../state/window.svelte.ts';
import { openGrants } from './open-grants.ts';

/**
 * Takes what was dropped. In the desktop, folders are imported and projects opened where they are; everything else is
 * copied beside the project file, because a browser never says where a file lies. Without an open project one is made.
 */
export async function receiveDrop(window: WindowState, transfer: DataTransfer): Promise<void> {
  const dropped = takeDrop(transfer);
  const files = [...transfer.files];
  const grants = desktop === undefined ? [] : await desktop.pathsOfDrop(files);
  if (desktop === undefined && files.some(({ name }) => name.endsWith('.congeal'))) {
    window.notes.say('A browser does not say where a dropped project lies. Use “Open a project” instead.', 'warning');
    return;
  }
  const granted = grants.filter((grant) => grant !== undefined);
  if (granted.length > 0) await openGrants(window, granted);
  const images = await imagesOf(dropped.filter((_, i) => grants.at(i) === undefined));
  if (images.length > 0) await send(window, images, nameOfDrop(dropped));
  else if (granted.length === 0) window.notes.say('There are no images among what was dropped.', 'warning');
}

async function send(window: WindowState, images: readonly DroppedFile[], name: string): Promise<void> {
  if (window.upload !== undefined) {
    window.notes.say('Other files are still being copied. Drop these again afterwards.', 'warning');
    return;
  }
  const project = window.project?.id ?? (await window.opening.create(name))?.id;
  if (project === undefined) return;
  const upload = new Upload(project, images);
  window.upload = upload;
  await window.try(() => upload.send());
  window.upload = undefined;
  const { length: failed } = upload.failures;
  if (failed > 0)
    window.notes.say(`${failed} of ${upload.total} files were not copied. ${upload.failures[0]}`, 'warning');
}
