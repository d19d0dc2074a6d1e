import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary.ts';

const root = resolve(import.meta.dirname, '../../..');

test('the documented transformer runs and learns: its loss is the one that is written there', () => {
  const page = readFileSync(join(root, 'docs/transformers.md'), 'utf8');
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const script = join(temporaryFolder(), 'transformer.ts');
  writeFileSync(script, code.replaceAll("'./core/", `'${pathToFileURL(root).href}/core/`));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect([status, stderr, Number(stdout)]).toEqual([0, '', Number(/prints the loss, ([\d.]+)/.exec(page)?.[1])]);
});
