import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';
import { dumpFolders } from '../support/folder-dump.ts';
import { bytesIn } from '../support/killing.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { clearWords, expectWhole, faultsWithin, inTheEnd } from '../support/write-faults/expectations.ts';
import { startFaultedEngine } from '../support/write-faults/faulted-engine.ts';
import { createWriteFaults, whyNoFaults } from '../support/write-faults/write-faults.ts';

const missing = whyNoFaults();
const folder = suiteFolder();
const images = join(folder, 'images');
const model = resolve(import.meta.dirname, '../../resources/models/beetles-aligner.onnx');
let originals: Readonly<Record<string, string>> = {};

/** So many faults meet each kind of run and each command; `CONGEAL_TEST_FAULTS` says another number. */
const count = Number(process.env['CONGEAL_TEST_FAULTS'] ?? 1);

beforeAll(async () => {
  await drawCollection('glyphs', images, 4);
  originals = dumpFolders([images]);
});

describe.skipIf(missing !== undefined)(`writes that fail${missing === undefined ? '' : ` (${missing})`}`, () => {
  it('in runs of the engine cost no run its result', async () => {
    const engine = await startFaultedEngine(temporaryFolder(), images);
    const { client, faults, ended, place, below, command } = engine;
    const { project, run: importing } = await client.projects.create({
      body: { name: 'work', place, images: engine.images },
    });
    const params = { project: project.id };
    await ended(project.id, importing ?? '');
    const { models } = await client.models.list();
    const bundled = models.find(({ kind }) => kind === 'aligner')?.id ?? '';
    const common = { provider: 'cpu', threads: 1, seed: 3 } as const;
    const starts = {
      find: () => client.runs.find({ params, body: common }),
      align: () => client.runs.align({ params, body: { ...common, rotation: 20, learn: false, size: 64 } }),
      apply: () => client.runs.apply({ params, body: { ...common, model: bundled } }),
    };
    const result = async (run: string) => ({
      poses: (await client.transforms.page({ params: { ...params, run }, query: {} })).transforms.map(
        ({ image, canonicalToImage, scores }) => ({ image, canonicalToImage, scores }),
      ),
      losses: (await client.runs.losses({ params: { ...params, run }, query: {} })).series,
    });
    for (const [kind, start] of Object.values(starts).entries()) {
      faults.lift();
      const { run } = await start();
      expect(await ended(project.id, run)).toMatchObject({ status: 'done' });
      const expected = await result(run);
      for (const fault of faultsWithin(faults.counts().seen, count, kind)) {
        const again = await inTheEnd(engine, project.id, fault, start);
        expect(await result(again.run)).toEqual(expected);
        const { workers, waiting } = await client.system.status();
        expect([workers.filter(({ job }) => job !== null), waiting]).toEqual([[], 0]);
      }
    }
    faults.arm({ at: 1, code: 'EIO', lasting: true });
    command.kill('SIGINT');
    expect(await command.finished).toMatchObject({ status: 0, stderr: '' });
    faults.lift();
    expectWhole(join(below, 'projects', 'work.congeal'));
    expect(dumpFolders([images])).toEqual(originals);
  });

  it('in commands end them with one clear line, and the same command goes on to the same bytes', async () => {
    const below = temporaryFolder();
    const faults = createWriteFaults(below);
    const env = { CONGEAL_STATE: join(below, 'state'), CONGEAL_CACHE: join(below, 'cache'), ...faults.env };
    const common = '--seed 3 --threads 1 --provider cpu'.split(' ');
    const commands = [
      { words: ['find', images, ...common], again: '--resume' },
      { words: ['align', images, ...common, '--rotation', '20', '--no-learn', '--size', '64'], again: '--resume' },
      { words: ['apply', '--model', model, images, ...common], again: '--force' },
    ];
    for (const [kind, { words, again }] of commands.entries()) {
      const out = (name: string) => join(below, `${words[0]} ${name}`);
      faults.lift();
      expect((await runCli([...words, '--out', out('whole')], { env })).status).toBe(0);
      const expected = bytesIn(out('whole'));
      for (const fault of faultsWithin(faults.counts().seen, count, kind)) {
        const into = [...words, '--out', out(`from ${fault.at}`)];
        faults.arm(fault);
        const { status, stderr } = await runCli(into, { env });
        faults.lift();
        const said = stderr.split('\n').filter((line) => line.startsWith('congeal: '));
        if (status === 0) expect(said).toEqual([]);
        else {
          expect(said).toHaveLength(1);
          // A disk that is full or broken is nothing that another command line would mend.
          expect(status).toBe(said[0].includes('cannot be opened') ? 2 : 1);
          for (const part of clearWords) expect(said[0]).toMatch(part);
          expect(await runCli([...into, again], { env })).toMatchObject({ status: 0 });
        }
        expect(bytesIn(out(`from ${fault.at}`))).toEqual(expected);
        expectWhole(join(out(`from ${fault.at}`), 'project.congeal'));
      }
    }
    faults.close();
    expect(dumpFolders([images])).toEqual(originals);
  });
});
