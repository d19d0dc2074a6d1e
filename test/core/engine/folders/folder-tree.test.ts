import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderTree } from '../../../../core/engine/folders/folder-tree.ts';
import { createGrants } from '../../../../core/engine/folders/grants.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

function madeTree() {
  const base = temporaryFolder();
  const root = join(base, 'root');
  mkdirSync(join(root, 'images', 'deep'), { recursive: true });
  mkdirSync(join(root, '.hidden'));
  mkdirSync(join(base, 'outside'));
  for (const name of ['a.jpg', 'b.PNG', 'notes.txt']) writeFileSync(join(root, 'images', name), '');
  writeFileSync(join(root, 'beetles.congeal'), '');
  symlinkSync(join(base, 'outside'), join(root, 'way out'));
  symlinkSync(join(root, 'images'), join(root, 'images again'));
  return { base, root, tree: createFolderTree([root]) };
}

describe('folders', () => {
  it('are listed from the roots down, by ids that tell no path', async () => {
    const { tree } = madeTree();
    const [root] = await tree.roots();
    expect(root.name).toBe('root');
    const listed = await tree.list(root.id);
    expect(listed.folders.map(({ name }) => name)).toEqual(['images']);
    expect(listed.projects.map(({ name }) => name)).toEqual(['beetles.congeal']);
    expect(listed).toMatchObject({ parents: [], images: 0, writable: true, more: false });
    const images = await tree.list(listed.folders[0].id);
    expect(images).toMatchObject({ images: 2, parents: [{ id: root.id, name: 'root' }] });
    expect(images.folder.id).toMatch(/^[\w-]{22}$/);
  });

  it('do not lead out of the roots: unknown ids, ids of another engine, links, folders that became links', async () => {
    const { base, root, tree } = madeTree();
    const unknown = { code: 'not-found' };
    await expect(tree.list('AAAAAAAAAAAAAAAAAAAAAA')).rejects.toMatchObject(unknown);
    await expect(tree.list(createFolderTree([root]).idOf(root))).rejects.toMatchObject(unknown);
    await expect(tree.list(tree.idOf(join(root, 'way out')))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(tree.list(tree.idOf(join(base, 'outside')))).rejects.toMatchObject({ code: 'forbidden' });
    const images = tree.idOf(join(root, 'images'));
    await tree.list(images);
    renameSync(join(root, 'images'), join(root, 'moved'));
    await expect(tree.list(images)).rejects.toMatchObject(unknown);
    symlinkSync(join(base, 'outside'), join(root, 'images'));
    await expect(tree.list(images)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('can be made, under plain names only', async () => {
    const { root, tree } = madeTree();
    const id = tree.idOf(root);
    const made = await tree.make(id, 'new one');
    expect(made.name).toBe('new one');
    expect(await tree.list(made.id)).toMatchObject({ images: 0, folders: [] });
    await expect(tree.make(id, 'new one')).rejects.toMatchObject({ code: 'conflict' });
    for (const name of ['..', '.', '.secret', 'a/b', ''])
      await expect(tree.make(id, name)).rejects.toMatchObject({ code: 'malformed' });
  });

  it('may lie under a root that is itself reached by a link', async () => {
    const { base, root } = madeTree();
    symlinkSync(root, join(base, 'link to root'));
    const [entry] = await createFolderTree([join(base, 'link to root')]).roots();
    expect(entry.name).toBe('root');
    rmSync(join(base, 'link to root'));
  });
});

it('a grant is for one purpose', () => {
  const grants = createGrants();
  const id = grants.add('/somewhere', 'images');
  expect(grants.pathOf(id, 'images')).toBe('/somewhere');
  expect(() => grants.pathOf(id, 'export')).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(() => grants.pathOf('nothing', 'images')).toThrow(expect.objectContaining({ code: 'not-found' }));
});
