import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGrants } from '../../../../core/engine/folders/grants.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

it.skipIf(process.platform === 'win32')(
  'what is made after it was chosen, in a folder behind a link, stays chosen',
  () => {
    const folder = temporaryFolder();
    const [place, link] = ['place', 'link'].map((name) => join(folder, name));
    mkdirSync(place);
    symlinkSync(place, link);
    const grants = createGrants();
    const id = grants.add(join(link, 'new'), 'export');
    mkdirSync(join(place, 'new'));
    expect(grants.pathOf(id, 'export')).toBe(join(place, 'new'));
  },
);

it.skipIf(process.platform === 'win32')('what was chosen is not replaced by a link to somewhere else', () => {
  const folder = temporaryFolder();
  const [chosen, other, link] = ['chosen', 'other', 'link'].map((name) => join(folder, name));
  for (const made of [chosen, other]) mkdirSync(made);
  symlinkSync(chosen, link);
  const grants = createGrants();
  const [id, linked] = [grants.add(chosen, 'images'), grants.add(link, 'images')];
  expect([grants.pathOf(id, 'images'), grants.pathOf(linked, 'images')]).toEqual([chosen, chosen]);
  expect(() => grants.pathOf(id, 'export')).toThrow(expect.objectContaining({ code: 'not-found' }));
  renameSync(chosen, `${chosen} before`);
  symlinkSync(other, chosen);
  for (const one of [id, linked])
    expect(() => grants.pathOf(one, 'images')).toThrow(expect.objectContaining({ code: 'forbidden' }));
});
