import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';

const folder = suiteFolder();
const images = join(folder, 'images');

beforeAll(() => drawCollection('glyphs', images, 12));

describe.each([
  ['find', ['find', images, '--threads', '1']],
  ['align', ['align', images, '--threads', '1', '--rotation', '20', '--no-learn']],
])('%s', (name, words) => {
  it('gives the same bytes for the same seed and speaks at least twice a second', { retry: 2 }, async () => {
    const run = `${name} ${process.hrtime.bigint()}`;
    const outs = ['first', 'second'].map((time) => join(folder, `${run} ${time}`));
    const gaps: number[] = [];
    let last: number | undefined;
    const heard = () => {
      const now = performance.now();
      if (last !== undefined) gaps.push(now - last);
      last = now;
    };
    for (const out of outs) {
      last = undefined;
      expect((await runCli([...words, '--out', out, '--json'], { heard })).status).toBe(0);
    }
    const [first, second] = outs;
    for (const file of readdirSync(first).filter((each) => !each.startsWith('project.congeal')))
      expect(readFileSync(join(second, file)).equals(readFileSync(join(first, file))), file).toBe(true);
    expect(Math.max(...gaps)).toBeLessThan(500);
  });
});
