import { listExports } from '../../store/exports.ts';
import { findRun } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import { preparedExport } from '../exports/export-work.ts';
import { previewExport } from '../exports/preview-export.ts';
import { startExport } from '../exports/start-export.ts';
import type { GroupHandlers } from '../handler.ts';

/** Exports: what would be written, writing it, what was written. */
export function exportsHandlers(engine: Engine): GroupHandlers<'exports'> {
  return {
    list: ({ params }) => {
      const { reader } = engine.projects.get(params.project);
      return {
        exports: listExports(reader).map(({ run, source, format, folder, images, bytes }) => ({
          ...{ run: String(run), format, images, bytes, place: folder },
          source: source === null ? null : String(source),
          at: findRun(reader, run)?.finishedAt ?? 0,
        })),
      };
    },
    preview: ({ params, body }) => {
      const { reader } = engine.projects.get(params.project);
      return previewExport(preparedExport(reader, body.options), body.options, body.first);
    },
    start: ({ params, body: { options, place, name } }) => {
      const open = engine.projects.get(params.project);
      const folder = place === null ? null : engine.grants.pathOf(place, 'export');
      return { run: String(startExport(engine, open, options, { folder, name })) };
    },
  };
}
