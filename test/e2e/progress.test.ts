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
  it('gives the same bytes for the same seed, and says how far each phase has come', async () => {
    const outs = ['first', 'second'].map((time) => join(folder, `${name} ${time}`));
    for (const out of outs) {
      const { status, stdout } = await runCli([...words, '--out', out, '--json']);
      expect(status).toBe(0);
      const messages = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const progress = messages.filter(({ event }) => event === 'progress');
      expect(new Set(progress.map(({ phase }) => phase)).size).toBeGreaterThan(3);
      for (const { done, total } of progress) expect(Number(done)).toBeLessThanOrEqual(Number(total));
      expect(messages.at(-1)).toMatchObject({ event: 'done', images: 12, failed: 0 });
    }
    const [first, second] = outs;
    for (const file of readdirSync(first).filter((each) => !each.startsWith('project.congeal')))
      expect(readFileSync(join(second, file)).equals(readFileSync(join(first, file))), file).toBe(true);
  });
});
