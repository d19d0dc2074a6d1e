import { createWorkers } from '../../../core/compute/supervisor/workers.ts';
import { importImages } from '../../../core/engine/images/import-images.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';

/*
 * A process that imports a folder into a project file, for tests that kill it: `import-process.ts FOLDER FILE`. Says of each
 * image when its row is on the disk.
 */

const [folder, file] = process.argv.slice(2);
const project = openProject(file, { create: true });
const workers = createWorkers({ leaveMilliseconds: 100 });
const limits = { pixels: 1e8, bytes: 1e8 };
const surroundings = { workers, signal: new AbortController().signal, limits, keep: () => undefined };
const plan = { folders: [folder], mode: 'look', bringBack: false, allowDamaged: false } as const;
for await (const event of importImages(project, plan, surroundings))
  if (event.event === 'images') process.stdout.write(`images ${event.ids.join(' ')}\n`);
await workers.close();
closeProject(project);
