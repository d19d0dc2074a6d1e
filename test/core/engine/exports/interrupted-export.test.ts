import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportRun } from '../../../../core/contract/recipes.ts';
import { exportJournalName, readExportJournal } from '../../../../core/datasets/export-journal.ts';
import { preparedExport } from '../../../../core/engine/exports/export-work.ts';
import { writeDataset, writtenStage } from '../../../../core/engine/exports/write-dataset.ts';
import { writable } from '../../../../core/engine/open-projects.ts';
import { saveCheckpoint } from '../../../../core/store/checkpoints.ts';
import type { RunId } from '../../../../core/store/ids.ts';
import { listExports } from '../../../../core/store/exports.ts';
import { endRun } from '../../../../core/store/runs.ts';
import { bytesIn } from '../../../support/killing.ts';
import { knownRun, projectWorld, type ProjectWorld } from '../../../support/project-world.ts';

async function world() {
  const made = await projectWorld(6);
  return { ...made, run: knownRun(made), params: { project: made.open.id } };
}

/** Writes the dataset of a run and stops after so many crops have been said to be done. */
async function write(
  { engine, open, run }: ProjectWorld & { readonly run: string },
  out: string,
  { stopAfter = Infinity, size = 48, isGivenUp = false } = {},
) {
  const options = exportRun.parse({ run, size });
  const { images, plan, annotations } = preparedExport(open.reader, options);
  const controller = new AbortController();
  const request = {
    ...{ out, force: false, crops: plan.crops, render: options, annotations, split: new Map<string, never>() },
    originals: images.map(({ image }) => image.path),
  };
  const steps = writeDataset(request, {
    ...{ workers: engine.workers, signal: controller.signal, priority: 'run', threads: 1 },
    isGivenUp: () => isGivenUp,
  });
  let rendered = 0;
  for (;;) {
    const next = await steps.next().catch((error: unknown) => {
      if (controller.signal.aborted) return undefined;
      throw error;
    });
    if (next === undefined || next.done === true) return rendered;
    if (next.value.event !== 'progress') continue;
    rendered = next.value.done;
    if (rendered >= stopAfter) controller.abort();
  }
}

function journalOf(partial: string) {
  return readExportJournal(readFileSync(join(partial, exportJournalName), 'utf8'));
}

describe('an export that was stopped', () => {
  it('keeps what it has rendered, and the next one renders only the rest, to the same bytes', async () => {
    const given = await world();
    const whole = join(given.root, 'whole');
    await write(given, whole);
    const out = join(given.root, 'stopped');
    await write(given, out, { stopAfter: 3 });
    expect(existsSync(out)).toBe(false);
    const partial = `${out}.partial`;
    const kept = journalOf(partial)?.crops.map(({ id }) => id) ?? [];
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect(kept.length).toBeLessThan(6);
    /* What is kept is not rendered again: its originals are not needed any more. */
    for (const id of kept) rmSync(join(given.folder, id));
    appendFileSync(join(partial, exportJournalName), '{"id":"figure-6.png","byt');
    await write(given, out);
    expect(bytesIn(out)).toEqual(bytesIn(whole));
    expect(existsSync(partial)).toBe(false);
  });

  it('is begun again where the recipe is another one, or a crop is not what it was', async () => {
    const given = await world();
    const out = join(given.root, 'other');
    await write(given, out, { stopAfter: 3, size: 24 });
    await write(given, out, { stopAfter: 2 });
    const [first, second] = journalOf(`${out}.partial`)?.crops ?? [];
    writeFileSync(join(`${out}.partial`, 'images', first.id), 'cut short');
    rmSync(join(`${out}.partial`, 'images', second.id));
    await write(given, out);
    const whole = join(given.root, 'whole');
    await write(given, whole);
    expect(bytesIn(out)).toEqual(bytesIn(whole));
  });

  it('leaves nothing when it is given up', async () => {
    const given = await world();
    await write(given, join(given.root, 'given up'), { stopAfter: 2, isGivenUp: true });
    expect(readdirSync(given.root).filter((name) => name.startsWith('given up'))).toEqual([]);
  });

  it('is cleaned away with its run, but for what is not ours', async () => {
    const { open, run, params, client, root, ended } = await world();
    const options = { run, size: 16 };
    for (const how of ['cancel', 'remove'] as const) {
      const started = await client.exports.start({ params, body: { options, name: how } });
      await ended(started.run);
      endRun(writable(open), Number(started.run) as RunId, { status: 'interrupted', finishedAt: 3 });
      for (const name of ['ours', 'mine'])
        mkdirSync(join(root, `${how}${name === 'ours' ? '' : ' not'}.partial`, 'images'), { recursive: true });
      mkdirSync(join(root, how, '.partial'));
      writeFileSync(join(root, how, '.partial', 'thesis.txt'), 'years of work');
      await client.runs[how]({ params: { ...params, run: started.run } });
      expect(existsSync(join(root, `${how}.partial`))).toBe(false);
      expect(existsSync(join(root, `${how} not.partial`))).toBe(true);
      expect(readFileSync(join(root, how, '.partial', 'thesis.txt'), 'utf8')).toBe('years of work');
    }
  });

  it('after its last step only notes what is there', async () => {
    const { open, run, params, client, root, ended } = await world();
    const started = await client.exports.start({ params, body: { options: { run, size: 16 }, name: 'there' } });
    expect((await ended(started.run)).status).toBe('done');
    const project = writable(open);
    const [noted] = listExports(project);
    const id = Number(started.run) as RunId;
    const written = { crops: noted.images, bytes: noted.bytes, metadataSha256: noted.manifestSha256 };
    saveCheckpoint(project, id, writtenStage, Buffer.from(JSON.stringify(written)));
    project.database.exec('DELETE FROM export');
    endRun(project, id, { status: 'interrupted', finishedAt: 3 });
    const before = bytesIn(join(root, 'there'));
    await client.runs.resume({ params: { ...params, run: started.run } });
    expect(await ended(started.run)).toMatchObject({ status: 'done', figures: { crops: 6, 'left out': 0 } });
    expect(listExports(project)).toEqual([noted]);
    expect(bytesIn(join(root, 'there'))).toEqual(before);
  });
});
