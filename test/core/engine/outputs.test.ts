import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareOutput, removeMade } from '../../../core/engine/outputs.ts';
import { temporaryFolder } from '../../support/temporary.ts';

it('speaks of --force only to those who can say so', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'something'), '');
  await expect(prepareOutput(folder, { resume: false })).rejects.toThrow(
    /not empty \(1 entries\)\. Choose another folder\.$/,
  );
  await expect(prepareOutput(folder, { force: false, resume: false })).rejects.toThrow(
    'or add --force to write into it',
  );
  expect(await prepareOutput(folder, { force: true, resume: false })).toEqual({ made: [] });
});

it('takes away the folders that it made, and no other', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'there'));
  const deep = join(folder, 'there', 'a', 'b');
  const { made } = await prepareOutput(deep, { force: false });
  expect(made).toEqual([join(folder, 'there', 'a'), deep]);
  await removeMade(made);
  expect(readdirSync(folder)).toEqual(['there']);
  expect(readdirSync(join(folder, 'there'))).toEqual([]);

  const again = await prepareOutput(deep, { force: false });
  writeFileSync(join(folder, 'there', 'a', 'kept'), '');
  await removeMade(again.made);
  expect(readdirSync(join(folder, 'there', 'a'))).toEqual(['kept']);

  await expect(prepareOutput(join(folder, 'new', 'x'.repeat(300)), { force: false })).rejects.toThrow(/ENAMETOOLONG/);
  expect(readdirSync(folder)).toEqual(['there']);
});
