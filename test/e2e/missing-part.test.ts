import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { drawCollection } from '../support/collection.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { withoutBinary, withoutPackage } from '../support/without-package.ts';

it.each([
  ['sharp', withoutPackage],
  ['onnxruntime-node', withoutPackage],
  ['better-sqlite3', withoutBinary],
])('without %s a command says which part is missing, and what to do', async (part, without) => {
  const { stderr, status } = await findWith(without(part));
  expect(stderr).toMatch(new RegExp(`^congeal: ${part}: It cannot be loaded, so .*Run npm ci again\\.$`, 'm'));
  expect(stderr).not.toMatch(/this is a bug|^ {4}at /m);
  expect(status).toBe(1);
});

it('without a package that every command needs it says so in one line', async () => {
  const { stderr, status } = await findWith(withoutPackage('better-sqlite3'));
  expect(stderr).toMatch(/^congeal: A part of the program cannot be loaded: .*better-sqlite3.* Run npm ci again\.\n$/);
  expect(status).toBe(1);
});

async function findWith(options: string): ReturnType<typeof runCli> {
  const folder = join(temporaryFolder(), 'images');
  mkdirSync(folder);
  await drawCollection('glyphs', folder, 3);
  return await runCli(['find', folder, '--out', `${folder}-found`], { env: { ...process.env, NODE_OPTIONS: options } });
}
