import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { startImport } from '../images/import-run.ts';

/** Files that are dropped on the window: they are copied into a folder beside the project file, then imported. */
export function uploadsHandlers(engine: Engine): GroupHandlers<'uploads'> {
  const { projects, uploads, settings } = engine;
  return {
    begin: async ({ params, body }) => {
      const { id, path } = projects.get(params.project);
      return { upload: await uploads.begin(id, path, body) };
    },
    file: async ({ params, query, body }, { signal }) => {
      const { id } = projects.get(params.project);
      const atMostBytes = settings.read().atMostFileBytes;
      const file = { name: query.name, stream: body, signal, atMostBytes };
      const { name, bytes } = await uploads.receive(id, params.upload, file);
      return { stored: name, bytes };
    },
    finish: ({ params }) => {
      const open = projects.get(params.project);
      const folder = uploads.finish(open.id, params.upload);
      const { allowDamaged } = settings.read();
      return { run: String(startImport(engine, open, { folders: [folder], allowDamaged })) };
    },
    cancel: async ({ params }) => {
      const { id } = projects.get(params.project);
      await uploads.cancel(id, params.upload);
      return {};
    },
  };
}
