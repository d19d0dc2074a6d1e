import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { drawCollection } from '../support/collection.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { withoutPackage } from '../support/without-package.ts';

it.each(['sharp', 'onnxruntime-node'])(
  'without %s a command says which part is missing, and what to do',
  async (part) => {
    const folder = join(temporaryFolder(), 'images');
    mkdirSync(folder);
    await drawCollection('glyphs', folder, 3);
    const { stderr, status } = await runCli(['find', folder, '--out', `${folder}-found`], {
      env: { ...process.env, NODE_OPTIONS: withoutPackage(part) },
    });
    expect(stderr).toMatch(
      new RegExp(`^congeal: ${part}: It cannot be loaded, so .*Could not load.*Run npm ci again\\.$`, 'm'),
    );
    expect(stderr).not.toMatch(/this is a bug/);
    expect(status).toBe(1);
  },
);
