import { describe, it } from 'vitest';
import type { Commands } from '../../../core/contract/commands.ts';
import type { CommandCase, GroupCases } from './commands/command-case.ts';
import { annotationsCases } from './commands/annotations-cases.ts';
import { historyCases } from './commands/history-cases.ts';
import { landmarksCases } from './commands/landmarks-cases.ts';
import { settingsCases } from './commands/settings-cases.ts';
import { transformsCases } from './commands/transforms-cases.ts';
import { exportsCases } from './commands/exports-cases.ts';
import { modelsCases } from './commands/models-cases.ts';
import { providersCases } from './commands/providers-cases.ts';
import { runsCases } from './commands/runs-cases.ts';
import { foldersCases } from './commands/folders-cases.ts';
import { groupsCases } from './commands/groups-cases.ts';
import { imagesCases } from './commands/images-cases.ts';
import { picturesCases } from './commands/pictures-cases.ts';
import { projectsCases } from './commands/projects-cases.ts';
import { tagsCases } from './commands/tags-cases.ts';
import { uploadsCases } from './commands/uploads-cases.ts';
import { systemCases } from './commands/system-cases.ts';

/** Every command with the case that shows it at work. */
const cases: { readonly [Group in keyof Commands]: GroupCases<Group> } = {
  annotations: annotationsCases,
  history: historyCases,
  landmarks: landmarksCases,
  settings: settingsCases,
  transforms: transformsCases,
  exports: exportsCases,
  models: modelsCases,
  providers: providersCases,
  runs: runsCases,
  folders: foldersCases,
  groups: groupsCases,
  images: imagesCases,
  pictures: picturesCases,
  projects: projectsCases,
  tags: tagsCases,
  uploads: uploadsCases,
  system: systemCases,
};

for (const [group, members] of Object.entries<Readonly<Record<string, CommandCase>>>(cases)) {
  describe(`commands of ${group}`, () => {
    for (const [name, check] of Object.entries(members)) it(name, check);
  });
}
