import { dirname } from 'node:path';
import { existsSync } from 'node:fs';
import { CongealError } from '../../contract/errors.ts';
import { countByState } from '../../store/image-counts.ts';
import { saveSetting } from '../../store/settings.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { makeEdit } from '../history/make-edit.ts';
import { startImport } from '../images/import-run.ts';
import {
  closeOpenProject,
  createProject,
  openProjectFile,
  projectsFolder,
  publishProject,
} from '../projects/open-close.ts';
import { listSnapshots, takeSnapshot } from '../projects/snapshots.ts';
import { nameKey, plainLine, viewProject } from '../projects/view-project.ts';
import { uploadFolder } from '../uploads/uploads.ts';

/** Projects: create, open, recent, close, snapshot. */
export function projectsHandlers(engine: Engine): GroupHandlers<'projects'> {
  const { projects, recent, hub, grants, folders, settings } = engine;
  const pathOf = async (from: { readonly recent: string } | { readonly file: string }): Promise<string> => {
    if ('file' in from) {
      return await folders.pathOf(from.file).catch(() => grants.pathOf(from.file, 'project'));
    }
    const found = recent.list().find(({ id }) => id === from.recent);
    if (found !== undefined) return found.path;
    throw new CongealError('not-found', 'There is no project of this id on the recent list; open its file.');
  };
  /** Images of a project that is open; the list knows how many there were when one was last opened or closed. */
  const imagesNow = (path: string): number | undefined => {
    const open = projects.list().find((one) => one.path === path);
    return open === undefined ? undefined : countByState(open.reader).ready;
  };
  return {
    recent: () => ({
      projects: recent.list().map(({ id, path, name, openedAt, images }) => ({
        ...{ id, name: plainLine(name), openedAt, images: imagesNow(path) ?? images },
        place: dirname(path).slice(0, 4000),
        missing: !existsSync(path),
      })),
    }),
    forget: ({ params }) => {
      if (!recent.forget(params.recent))
        throw new CongealError('not-found', 'There is no project of this id on the recent list.');
      hub.publish({ event: 'recent-changed' });
      return {};
    },
    list: () => ({ projects: projects.list().map((open) => viewProject(engine, open)) }),
    create: ({ body }) => {
      const place = body.place === null ? projectsFolder(engine) : grants.pathOf(body.place, 'project');
      const images = body.images === null ? null : grants.pathOf(body.images, 'images');
      const { allowDamaged } = settings.read();
      const { open, begun: run } = createProject(engine, { name: body.name, folder: place }, (made) =>
        images === null ? null : startImport(engine, made, { folders: [images], allowDamaged }),
      );
      return { project: viewProject(engine, open), run: run === null ? null : String(run) };
    },
    sample: ({ body: { collection, images } }) => {
      const sample = { collection, count: images };
      const asked = { name: collection === 'beetles' ? 'Beetles' : 'Glyphs', folder: projectsFolder(engine) };
      const { open, begun: run } = createProject(engine, asked, (made) =>
        startImport(engine, made, { folders: [uploadFolder(made.path)], sample, allowDamaged: false }),
      );
      return { project: viewProject(engine, open), run: String(run) };
    },
    open: async ({ body: { from, ifLocked, ifDamaged } }) => {
      const open = openProjectFile(engine, await pathOf(from), { ifLocked, ifDamaged });
      return { project: viewProject(engine, open) };
    },
    one: ({ params }) => viewProject(engine, projects.get(params.project)),
    rename: ({ params, body }) => {
      const open = projects.get(params.project);
      makeEdit(engine, open, 'Rename the project', (editing) => saveSetting(editing, nameKey, body.name));
      publishProject(engine, open);
      return viewProject(engine, open);
    },
    close: async ({ params }) => {
      await closeOpenProject(engine, projects.get(params.project));
      return {};
    },
    snapshot: ({ params, body }) => takeSnapshot(projects.get(params.project), body.name),
    snapshots: ({ params }) => ({ snapshots: [...listSnapshots(projects.get(params.project))] }),
  };
}
