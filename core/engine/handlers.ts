import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { uploadsHandlers } from './handlers/uploads.ts';
import { foldersHandlers } from './handlers/folders.ts';
import { groupsHandlers } from './handlers/groups.ts';
import { tagsHandlers } from './handlers/tags.ts';
import { picturesHandlers } from './handlers/pictures.ts';
import { imagesHandlers } from './handlers/images.ts';
import { projectsHandlers } from './handlers/projects.ts';
import { annotationsHandlers } from './handlers/annotations.ts';
import { landmarksHandlers } from './handlers/landmarks.ts';
import { modelsHandlers } from './handlers/models.ts';
import { providersHandlers } from './handlers/providers.ts';
import { exportsHandlers } from './handlers/exports.ts';
import { historyHandlers } from './handlers/history.ts';
import { runsHandlers } from './handlers/runs.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { systemHandlers } from './handlers/system.ts';
import { transformsHandlers } from './handlers/transforms.ts';

/** Answers for all commands: a command without handler does not compile. */
export function createHandlers(engine: Engine): Handlers {
  return {
    projects: projectsHandlers(engine),
    images: imagesHandlers(engine),
    pictures: picturesHandlers(engine),
    tags: tagsHandlers(engine),
    groups: groupsHandlers(engine),
    runs: runsHandlers(engine),
    transforms: transformsHandlers(engine),
    annotations: annotationsHandlers(engine),
    landmarks: landmarksHandlers(engine),
    exports: exportsHandlers(engine),
    models: modelsHandlers(engine),
    providers: providersHandlers(engine),
    settings: settingsHandlers(engine),
    history: historyHandlers(engine),
    folders: foldersHandlers(engine),
    uploads: uploadsHandlers(engine),
    system: systemHandlers(engine),
  };
}
