import { basename, dirname } from 'node:path';
import type { Engine } from '../engine.ts';
import { isWritable } from '../folders/folder-tree.ts';
import type { GroupHandlers } from '../handler.ts';

/** Folders of this machine, within the roots that were granted when the engine was started. */
export function foldersHandlers({ folders, grants }: Engine): GroupHandlers<'folders'> {
  return {
    roots: async () => ({ roots: [...(await folders.roots())] }),
    list: async ({ params }) => {
      const { parents, folders: inside, projects, ...rest } = await folders.list(params.folder);
      return { ...rest, parents: [...parents], folders: [...inside], projects: [...projects] };
    },
    make: async ({ params, body }) => await folders.make(params.folder, body.name),
    choose: async ({ params, body }) => {
      const path = await folders.pathOf(params.folder);
      return {
        id: grants.add(path, body.purpose),
        name: basename(path) || path,
        place: dirname(path).slice(0, 4000),
        writable: await isWritable(path),
      };
    },
  };
}
