import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listImages } from '../../core/store/images.ts';
import { closeProject, openProject } from '../../core/store/project-file.ts';
import { completeRun } from '../../core/store/run-result.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';
import { dumpFolders } from '../support/folder-dump.ts';
import { bytesIn } from '../support/killing.ts';
import { sampleRun } from '../support/project-samples.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { asked, everyFault, expectEnd, expectWhole, inTheEnd } from '../support/write-faults/expectations.ts';
import { startFaultedEngine, type FaultedEngine } from '../support/write-faults/faulted-engine.ts';
import { whyNoFaults } from '../support/write-faults/write-faults.ts';

const missing = whyNoFaults();
const folder = suiteFolder();
const images = join(folder, 'images');
let originals: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  await drawCollection('glyphs', images, 6);
  originals = dumpFolders([images]);
});

/** A project of the images with a finished alignment, of which nothing had to be computed. */
async function alignedProject({ client, place, images: grant, ended, below }: FaultedEngine) {
  const made = await client.projects.create({ body: { name: 'work', place, images: grant } });
  await ended(made.project.id, made.run ?? '');
  await client.projects.close({ params: { project: made.project.id } });
  const project = openProject(join(below, 'projects', 'work.congeal'));
  const run = sampleRun(project);
  completeRun(project, run, {
    finishedAt: 1,
    transforms: listImages(project).map(({ id: image }, n) => ({
      ...{ image, family: 'similarity', mirrored: false, status: 'ok', box: null },
      canonicalToImage: [20, n, 40, -n, 20, 40, 0, 0, 1],
    })),
    scores: [],
    models: [],
  });
  closeProject(project);
  const [recent] = (await client.projects.recent()).projects;
  const opened = await client.projects.open({ body: { from: { recent: recent.id } } });
  return { project: opened.project.id, run: String(run) };
}

describe.skipIf(missing !== undefined)(`writes that fail${missing === undefined ? '' : ` (${missing})`}`, () => {
  it('import in the end what would have been imported', async () => {
    const engine = await startFaultedEngine(temporaryFolder(), images);
    const { client, faults, ended, place, command, below } = engine;
    const make = async (name: string) => await client.projects.create({ body: { name, place, images: engine.images } });
    const shown = async (project: string) =>
      (await client.images.page({ params: { project } })).images.map(({ name, status }) => `${name} ${status}`);
    const whole = await make('whole');
    expect(await ended(whole.project.id, whole.run ?? '')).toMatchObject({ status: 'done' });
    const expected = await shown(whole.project.id);
    expect(expected).toHaveLength(6);
    let met = 0;
    for (const fault of everyFault()) {
      faults.arm(fault);
      const name = `from ${fault.at}`;
      const made = await asked(() => make(name));
      const params = { project: made?.project.id ?? '' };
      if (made !== undefined) expectEnd(await ended(made.project.id, made.run ?? ''));
      const kept = made && (await asked(() => client.tags.create({ params, body: { name: 'kept' } })));
      const { failed } = faults.counts();
      faults.lift();
      if (failed === 0) break;
      met += 1;
      if (made === undefined) {
        // What was refused has left nothing that is in the way.
        params.project = (await make(name)).project.id;
        expect(readdirSync(join(below, 'projects'))).not.toContain(`${name} 2.congeal`);
      }
      const again = await client.images.import({ params, body: { folder: engine.images } });
      expect(await ended(params.project, again.run)).toMatchObject({ status: 'done' });
      expect(await shown(params.project)).toEqual(expected);
      if (kept !== undefined) expect((await client.tags.list({ params })).tags).toMatchObject([{ name: 'kept' }]);
      const { runs } = await client.runs.page({ params });
      expect(runs.filter(({ status }) => !['done', 'failed'].includes(status))).toEqual([]);
      await client.projects.close({ params });
      expectWhole(join(below, 'projects', `${name}.congeal`));
    }
    expect(met).toBeGreaterThanOrEqual(20);
    expect(dumpFolders([images])).toEqual(originals);
    faults.arm({ at: 1, code: 'ENOSPC', lasting: true });
    command.kill('SIGINT');
    expect(await command.finished).toMatchObject({ status: 0, stderr: '' });
  });

  it('export in the end the same bytes', async () => {
    const engine = await startFaultedEngine(temporaryFolder(), images);
    const { client, ended, below } = engine;
    const { project, run: source } = await alignedProject(engine);
    const params = { project };
    const out = (name: string) => join(below, 'projects', name);
    const write = (name: string) =>
      client.exports.start({ params, body: { name, options: { run: source, size: 64 } } });
    expect(await ended(project, (await write('whole')).run)).toMatchObject({ status: 'done' });
    const dataset = bytesIn(out('whole'));
    expect(Object.keys(dataset)).toHaveLength(7);
    let met = 0;
    for (const fault of everyFault()) {
      const name = `from ${fault.at}`;
      const { failed } = await inTheEnd(engine, project, fault, () => write(name));
      expect(bytesIn(out(name))).toEqual(dataset);
      if (failed === 0) break;
      met += 1;
    }
    expect(met).toBeGreaterThanOrEqual(8);
    expect(readdirSync(out('.')).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expectWhole(out('work.congeal'));
    expect(dumpFolders([images])).toEqual(originals);
  });
});
