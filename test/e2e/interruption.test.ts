import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportJournalName } from '../../core/datasets/export-journal.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { runCli, startCli } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';
import { bytesIn } from '../support/killing.ts';

const folder = suiteFolder();
const images = join(folder, 'images');
const many = join(folder, 'many');
const model = join(import.meta.dirname, '../../resources/models/beetles-aligner.onnx');

/** The commands that are interrupted and resumed. */
const commands = {
  find: { words: ['find', images, '--seed', '3', '--threads', '1'], phase: 'learn', kills: 5 },
  align: {
    words: ['align', images, '--seed', '3', '--threads', '1', '--rotation', '20', '--no-learn'],
    phase: 'refine',
    kills: 5,
  },
  'align and learn': {
    words: ['align', images, '--seed', '3', '--threads', '1', '--rotation', '20'],
    phase: 'train',
    kills: 3,
  },
  apply: {
    words: ['apply', many, '--model', model, '--threads', '1'],
    phase: 'apply',
    kills: 4,
  },
} as const;

const baselines = new Map<string, { readonly files: Record<string, string>; readonly seconds: number }>();

beforeAll(async () => {
  await drawCollection('glyphs', images, 8);
  await drawCollection('glyphs', many, 20);
  for (const [name, { words }] of Object.entries(commands)) {
    const out = join(folder, `${name}, whole`);
    const started = performance.now();
    expect((await runCli([...words, '--out', out])).status).toBe(0);
    baselines.set(name, { files: written(out), seconds: (performance.now() - started) / 1000 });
  }
});

/** The results in an output folder as SHA-256 by name: everything but the project file. */
function written(out: string): Record<string, string> {
  const names = readdirSync(out).filter((name) => !name.startsWith('project.congeal'));
  const sum = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(out, name)))
      .digest('hex');
  return Object.fromEntries(names.sort().map((name) => [name, sum(name)]));
}

/** Starts a command and stops it in the middle of its main phase with Ctrl-C; returns what it said. */
async function interrupt(words: readonly string[], phase: string) {
  const run = startCli([...words, '--json']);
  await run.seen(new RegExp(`"phase":"${phase}","done":[1-9]`));
  const asked = performance.now();
  run.kill('SIGINT');
  const done = await run.finished;
  return { ...done, milliseconds: performance.now() - asked };
}

describe.each(Object.entries(commands))('%s', (name, { words, phase, kills }) => {
  it('killed again and again and resumed, ends with the same bytes', async () => {
    const { files, seconds } = baselines.get(name) ?? { files: {}, seconds: 1 };
    const random = createRandom(words.length + kills);
    const out = join(folder, `${name}, killed`);
    for (let kill = 0; kill < kills; kill++) {
      const run = startCli([...words, '--out', out, ...(kill > 0 ? ['--resume'] : [])]);
      const ended = run.finished.then(() => 'ended');
      if ((await Promise.race([ended, wait(random.uniform(0.2, 0.9) * 1000 * seconds)])) === 'ended') break;
      run.kill('SIGKILL');
      await run.finished;
    }
    const last = await runCli([...words, '--out', out, '--resume']);
    expect(last.stderr).not.toMatch(/congeal: /);
    expect(last.status).toBe(0);
    expect(written(out)).toEqual(files);
  });

  it.runIf(process.platform !== 'win32')(
    'answers Ctrl-C within a second, and the line that it prints goes on',
    { retry: 2 },
    async () => {
      const out = join(folder, `${name}, stopped ${process.hrtime.bigint()}`);
      const stopped = await interrupt([...words, '--out', out], phase);
      expect(stopped.status).toBe(130);
      expect(stopped.milliseconds).toBeLessThan(1000);
      const line = stopped.stderr.trimEnd().split('\n').at(-1)?.trim() ?? '';
      expect(line).toContain('--resume');
      const resumed = spawnSync('sh', ['-c', line], { encoding: 'utf8', cwd: folder });
      expect(resumed.status).toBe(0);
      expect(written(out)).toEqual(baselines.get(name)?.files);
    },
  );
});

describe.runIf(process.platform !== 'win32')(
  'commands without --resume say what is kept, and the line that goes on',
  () => {
    const aligned = join(folder, 'align, whole');
    const lastLine = (stderr: string) => stderr.trimEnd().split('\n').at(-1)?.trim() ?? '';

    it('export goes on where it was', { retry: 2 }, async () => {
      const words = ['export', aligned, '--size', '2048', '--flagged'];
      const whole = join(folder, `exported ${process.hrtime.bigint()}`);
      expect((await runCli([...words, '--out', whole])).status).toBe(0);
      const out = join(folder, `export stopped ${process.hrtime.bigint()}`);
      const stopped = await interrupt([...words, '--out', out], 'render crops');
      expect(stopped.status).toBe(130);
      expect(stopped.milliseconds).toBeLessThan(1000);
      expect(stopped.stderr).toContain('Cancelled; what was finished is kept. Go on with:');
      expect(existsSync(out)).toBe(false);
      const journal = readFileSync(join(`${out}.partial`, exportJournalName), 'utf8')
        .trimEnd()
        .split('\n');
      expect(journal.length).toBeGreaterThan(1);
      expect(spawnSync('sh', ['-c', lastLine(stopped.stderr)], { cwd: folder }).status).toBe(0);
      expect(bytesIn(out)).toEqual(bytesIn(whole));
    });

    it('demo begins again', { retry: 2 }, async () => {
      const out = join(folder, `demo ${process.hrtime.bigint()}`);
      const stopped = await interrupt(['demo', '--out', out, '--threads', '1'], 'learn');
      expect(stopped.status).toBe(130);
      expect(stopped.milliseconds).toBeLessThan(1000);
      expect(stopped.stderr).toContain('Cancelled; what was written stays, and is replaced when it begins again with:');
      const line = lastLine(stopped.stderr);
      expect(line).toContain('demo --force --out');
      const again = spawn('sh', ['-c', `exec ${line} --json`], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
      for await (const chunk of again.stdout) if (String(chunk).includes('"phase":')) break;
      again.kill('SIGINT');
      expect(await once(again, 'exit')).toEqual([130, null]);
    });
  },
);

describe('--resume', () => {
  const { words, phase } = commands.find;

  it('refuses other options and other images, and still goes on with the right ones', async () => {
    const own = join(folder, 'own images');
    cpSync(images, own, { recursive: true });
    const out = join(folder, 'changed');
    const mine = ['find', own, ...words.slice(2), '--out', out];
    expect((await interrupt(mine, phase)).status).toBe(130);

    const seed = await runCli([...mine, '--resume', '--seed', '4']);
    expect(seed.stderr).toMatch(/congeal: .*other options \(seed: then 3, now 4\)/);
    expect(seed.status).toBe(2);
    const size = await runCli([...mine, '--resume', '--object-size', '0.3']);
    expect(size.stderr).toMatch(/other options \(objectSize: then "auto", now 0\.3\)/);
    expect(size.status).toBe(2);
    const align = await runCli(['align', own, '--out', out, '--resume']);
    expect(align.stderr).toMatch(/no run of align to go on with/);
    expect(align.status).toBe(2);

    copyFileSync(join(own, 'ampersand-002.png'), join(own, 'ampersand-001.png'));
    const changed = await runCli([...mine, '--resume']);
    expect(changed.stderr).toMatch(/congeal: .*images are not the ones/);
    expect(changed.status).toBe(2);
    copyFileSync(join(images, 'ampersand-001.png'), join(own, 'ampersand-001.png'));
    expect((await runCli([...mine, '--resume'])).status).toBe(0);
  });

  it('of a finished run says so and changes nothing', async () => {
    const out = join(folder, 'find, whole');
    const again = await runCli([...words, '--out', out, '--resume']);
    expect(again.stderr).toMatch(/is finished; nothing is left to resume/);
    expect(again.status).toBe(0);
    expect(written(out)).toEqual(baselines.get('find')?.files);
  });

  it('in an empty folder begins', async () => {
    const out = join(folder, 'fresh');
    mkdirSync(out);
    expect((await runCli([...words, '--out', out, '--resume'])).status).toBe(0);
    expect(written(out)).toEqual(baselines.get('find')?.files);
  });
});

describe.skipIf(process.platform === 'win32')('two at once', () => {
  it('the second in one output folder is refused and the first one is not disturbed', async () => {
    const { words, phase } = commands.find;
    const out = join(folder, 'shared');
    const first = startCli([...words, '--out', out, '--json']);
    await first.seen(new RegExp(`"phase":"${phase}"`));
    first.kill('SIGSTOP');
    for (const manner of ['--resume', '--force']) {
      const second = await runCli([...words, '--out', out, manner]);
      expect(second.stderr).toMatch(/^congeal: .*in use by another Congeal/m);
      expect(second.status).toBe(1);
    }
    first.kill('SIGCONT');
    expect((await first.finished).status).toBe(0);
    expect(written(out)).toEqual(baselines.get('find')?.files);
  });
});
