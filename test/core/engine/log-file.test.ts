import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLogFile } from '../../../core/engine/log-file.ts';
import { temporaryFolder } from '../../support/temporary.ts';

it('a log holds what was said when it is closed', async () => {
  const folder = join(temporaryFolder(), 'logs');
  const log = await openLogFile(folder);
  log.warn({ n: 1 }, 'said');
  await log.close();
  expect(readFileSync(join(folder, 'engine.log'), 'utf8')).toContain('"msg":"said"');
});

it('a folder in which there can be no log costs only the log', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const log = await openLogFile(file);
  log.warn({}, 'not said');
  await log.close();
});

it.skipIf(process.platform !== 'linux')('a full disk costs only the log, and closing it does not wait', async () => {
  const folder = temporaryFolder();
  symlinkSync('/dev/full', join(folder, 'engine.log'));
  const log = await openLogFile(folder);
  for (let n = 0; n < 10_000; n++) log.warn({ n }, 'x'.repeat(200));
  await log.close();
});
