import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareOutput } from '../../../core/engine/outputs.ts';
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
  expect(await prepareOutput(folder, { force: true, resume: false })).toEqual({ made: false });
});
