import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { filledProject } from '../../../support/filled-project.ts';
import type { GroupCases } from './command-case.ts';

export const projectsCases: GroupCases<'projects'> = {
  recent: async () => {
    const { client, project, root } = await filledProject();
    expect((await client.projects.recent()).projects).toMatchObject([{ name: 'Beetles', images: 3 }]);
    await client.projects.close({ params: { project } });
    const { projects } = await client.projects.recent();
    expect(projects).toMatchObject([{ name: 'Beetles', images: 3, missing: false }]);
    const [{ id }] = projects;
    const again = await client.projects.open({ body: { from: { recent: id } } });
    expect(again.project).toMatchObject({ name: 'Beetles', images: 3, readOnly: false });
    await client.projects.close({ params: { project: again.project.id } });
    rmSync(join(root, 'Congeal', 'Beetles.congeal'));
    expect((await client.projects.recent()).projects).toMatchObject([{ missing: true }]);
    await expect(client.projects.open({ body: { from: { recent: id } } })).rejects.toMatchObject({
      code: 'input-missing',
    });
  },
  forget: async () => {
    const { client, root } = await filledProject();
    const [{ id }] = (await client.projects.recent()).projects;
    await client.projects.forget({ params: { recent: id } });
    expect((await client.projects.recent()).projects).toEqual([]);
    expect(existsSync(join(root, 'Congeal', 'Beetles.congeal'))).toBe(true);
    await expect(client.projects.forget({ params: { recent: id } })).rejects.toMatchObject({ code: 'not-found' });
  },
  list: async () => {
    const { client, project } = await filledProject();
    expect((await client.projects.list()).projects.map(({ id }) => id)).toEqual([project]);
  },
  create: async () => {
    const { client, engine, root } = await filledProject();
    const second = await client.projects.create({ body: { name: 'Beetles' } });
    expect(second).toMatchObject({ project: { name: 'Beetles', images: 0 }, run: null });
    const place = engine.grants.add(root, 'project');
    await client.projects.create({ body: { name: '../../etc: "x"', place } });
    expect(readdirSync(root)).toContain('.._.._etc_ _x_.congeal'.replace(/^\.+/, ''));
    expect(readdirSync(join(root, 'Congeal'))).toContain('Beetles 2.congeal');
    await expect(client.projects.create({ body: { name: 'x', place: 'nothing' } })).rejects.toMatchObject({
      code: 'not-found',
    });
  },
  sample: async () => {
    const { client, ended } = await filledProject();
    const { project, run } = await client.projects.sample({ body: { collection: 'glyphs', images: 4 } });
    for (;;) {
      const found = await client.runs.one({ params: { project: project.id, run } });
      if (found.finishedAt !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await client.projects.one({ params: { project: project.id } })).toMatchObject({ images: 4 });
    expect(ended).toBeDefined();
  },
  open: async () => {
    const { client, engine, project, root } = await filledProject();
    const [{ id: folder }] = (await client.folders.roots()).roots;
    const congeal = (await client.folders.list({ params: { folder } })).folders.find(({ name }) => name === 'Congeal');
    const { projects } = await client.folders.list({ params: { folder: congeal?.id ?? '' } });
    expect(projects.map(({ name }) => name)).toEqual(['Beetles.congeal']);
    const opened = await client.projects.open({ body: { from: { file: projects[0].id } } });
    expect(opened.project.id).toBe(project);
    const granted = engine.grants.add(join(root, 'Congeal', 'Beetles.congeal'), 'project');
    expect((await client.projects.open({ body: { from: { file: granted } } })).project.id).toBe(project);
  },
  one: async () => {
    const { client, project } = await filledProject();
    expect(await client.projects.one({ params: { project } })).toMatchObject({ name: 'Beetles', runs: 1, images: 3 });
    await expect(client.projects.one({ params: { project: 'none' } })).rejects.toMatchObject({ code: 'not-found' });
  },
  rename: async () => {
    const { client, project } = await filledProject();
    const params = { project };
    expect(await client.projects.rename({ params, body: { name: 'Käfer 🐞' } })).toMatchObject({ name: 'Käfer 🐞' });
    await client.history.undo({ params });
    expect(await client.projects.one({ params })).toMatchObject({ name: 'Beetles' });
  },
  close: async () => {
    const { client, project } = await filledProject();
    await client.projects.close({ params: { project } });
    expect((await client.projects.list()).projects).toEqual([]);
    await expect(client.projects.one({ params: { project } })).rejects.toMatchObject({ code: 'not-found' });
  },
  snapshot: async () => {
    const { client, engine, project, root } = await filledProject();
    const made = await client.projects.snapshot({ params: { project }, body: { name: 'Before: a/b' } });
    expect(made.bytes).toBeGreaterThan(1000);
    const folder = join(root, 'Congeal', 'Beetles snapshots');
    const file = engine.grants.add(join(folder, readdirSync(folder)[0]), 'project');
    const copy = await client.projects.open({ body: { from: { file } } });
    expect(copy.project).toMatchObject({ images: 3 });
    const again = await client.images.import({ params: { project: copy.project.id }, body: { folder: null } });
    for (;;) {
      const run = await client.runs.one({ params: { project: copy.project.id, run: again.run } });
      if (run.finishedAt === null) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      expect(run.failure).toBeNull();
      expect(run.figures).toMatchObject({ unchanged: 3, missing: 0 });
      break;
    }
  },
  snapshots: async () => {
    const { client, project } = await filledProject();
    expect((await client.projects.snapshots({ params: { project } })).snapshots).toEqual([]);
    const first = await client.projects.snapshot({ params: { project }, body: {} });
    const second = await client.projects.snapshot({ params: { project }, body: { name: 'Later' } });
    expect((await client.projects.snapshots({ params: { project } })).snapshots).toEqual([second, first]);
  },
};
