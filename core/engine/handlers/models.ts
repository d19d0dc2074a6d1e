import { rm } from 'node:fs/promises';
import type { ModelSource } from '../../compute/inspect-model.ts';
import type { InspectedModel, Model } from '../../contract/commands/models.ts';
import { findModel, listAllModels } from '../../store/models.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { learnedModelRow } from '../models/model-ids.ts';
import {
  adoptModel,
  listProgramModels,
  openModel,
  programModel,
  receiveModel,
  removeProgramModel,
} from '../models/program-models.ts';
import { viewInspected, viewLearnedModel, viewProgramModel } from '../models/view-model.ts';
import type { OpenProject } from '../open-projects.ts';

/** Models: of the program, and those that runs learned. */
export function modelsHandlers(engine: Engine): GroupHandlers<'models'> {
  const projectOf = (id: string | undefined) => (id === undefined ? undefined : engine.projects.get(id));
  const inspect = (source: ModelSource, signal: AbortSignal) =>
    engine.workers.call('inspect model', source, { signal, priority: 'interactive' });
  const changed = () => void engine.hub.publish({ event: 'models-changed' });
  const inspectOf = async (id: string, open: OpenProject | undefined, signal: AbortSignal): Promise<InspectedModel> => {
    const row = learnedModelRow(id);
    const record = row === undefined || open === undefined ? undefined : findModel(open.reader, row);
    const { bytes: model } = await openModel(engine, open, id);
    const view: Model = record === undefined ? viewProgramModel(programModel(engine, id)) : viewLearnedModel(record);
    return viewInspected(view, await inspect({ model }, signal));
  };
  return {
    list: () => ({ models: listProgramModels(engine).map(viewProgramModel) }),
    learned: ({ params }) => {
      const { reader } = engine.projects.get(params.project);
      const models = listAllModels(reader).filter(({ run, size }) => run !== null && size !== null);
      return { models: models.map(viewLearnedModel) };
    },
    keep: async ({ params, body: { name } }, { signal }) => {
      const open = engine.projects.get(params.project);
      const { bytes } = await openModel(engine, open, params.model);
      const { kind } = await inspect({ model: bytes }, signal);
      const kept = await adoptModel(engine, await receiveModel(engine, once(bytes)), { name, kind });
      changed();
      return viewProgramModel(kept);
    },
    import: async ({ query: { name }, body }, { signal }) => {
      const received = await receiveModel(engine, body);
      try {
        const report = await inspect({ path: received.path }, signal);
        const model = await adoptModel(engine, received, { name, kind: report.kind });
        changed();
        return viewInspected(viewProgramModel(model), report);
      } catch (error) {
        await rm(received.path, { force: true });
        throw error;
      }
    },
    inspect: ({ params, query }, { signal }) => inspectOf(params.model, projectOf(query.project), signal),
    download: async ({ params, query }) => {
      const { bytes, name, sha256 } = await openModel(engine, projectOf(query.project), params.model);
      const fileName = name.endsWith('.onnx') ? name : `${name}.onnx`;
      return { bytes, mediaType: 'application/octet-stream', etag: sha256, fileName };
    },
    remove: async ({ params }) => {
      await removeProgramModel(engine, params.model);
      changed();
      return {};
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
