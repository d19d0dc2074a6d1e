import { engine } from '../api/client.ts';
import type { DesktopGrant } from '../api/desktop.ts';
import type { WindowState } from '../state/window.svelte.ts';

/** Opens what the desktop hands over: a project, or folders of images, which join the open project or become one. */
export async function openGrants(window: WindowState, grants: readonly DesktopGrant[]): Promise<void> {
  for (const { id, name, kind } of grants) {
    const { project } = window;
    if (kind === 'project') await window.opening.open({ file: id });
    else if (project === undefined) await window.opening.create(name, id);
    else await window.try(() => engine.images.import({ params: project.params, body: { folder: id } }));
  }
}
