import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { EngineWorld } from './engine-world.ts';
import { engineWorld } from './engine-world.ts';
import { slope } from './pictures.ts';

/** An engine with an open project, and the folder that its images were imported from. */
export interface FilledProject extends EngineWorld {
  readonly project: string;
  readonly folder: string;
  /** Waits until a run has ended and gives it. */
  readonly ended: (run: string) => Promise<Awaited<ReturnType<EngineWorld['client']['runs']['one']>>>;
  /** A grant for a folder. */
  readonly granted: (path: string, purpose?: 'images' | 'project' | 'export') => string;
}

/** Small pictures, each different, as JPEG files in a folder. */
export async function writePictures(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [i, name] of names.entries()) {
    const seed = Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997, 0);
    const marked = {
      create: { width: 20, height: 20, channels: 3 as const, background: `hsl(${seed % 360}, 90%, 50%)` },
    };
    const mark = await sharp(marked).png().toBuffer();
    const picture = slope(120 + i, 80).composite([{ input: mark, left: seed % 100, top: seed % 60 }]);
    writeFileSync(join(folder, name), await picture.jpeg().toBuffer());
  }
}

/** Makes an engine and a project into which some pictures have been imported. */
export async function filledProject(names: readonly string[] = ['a.jpg', 'b.jpg', 'c.jpg']): Promise<FilledProject> {
  const world = engineWorld();
  const { client, engine, root } = world;
  const folder = join(root, 'photos');
  await writePictures(folder, names);
  const granted: FilledProject['granted'] = (path, purpose = 'images') => engine.grants.add(path, purpose);
  const made = await client.projects.create({ body: { name: 'Beetles', images: granted(folder) } });
  const project = made.project.id;
  const ended: FilledProject['ended'] = async (run) => {
    for (;;) {
      const found = await client.runs.one({ params: { project, run } });
      if (found.finishedAt !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  if (made.run !== null) await ended(made.run);
  return { ...world, project, folder, ended, granted };
}
