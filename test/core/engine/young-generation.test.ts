import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const program = pathToFileURL(resolve(import.meta.dirname, '../../../core/engine/young-generation.ts')).href;

/** MiB that the space for new objects has in a process of its own after many of them have lived for a while. */
function spaceAfterChurn(before: string): number {
  const script = `import { getHeapSpaceStatistics } from 'node:v8';
    import { keepYoungGenerationSmall } from '${program}';
    ${before}
    let kept = [];
    for (let n = 0; n < 2e6; n += 1) {
      kept.push({ n });
      if (kept.length > 200_000) kept = [];
    }
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    console.log(space.space_size / 2 ** 20);`;
  return Number(spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout);
}

it('new objects that live for a while do not make the space for new objects grow', () => {
  expect(spaceAfterChurn('')).toBeGreaterThan(16);
  const kept = spaceAfterChurn('keepYoungGenerationSmall();');
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThanOrEqual(8);
});
