import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { loadCheckpoint } from '../../../core/store/checkpoints.ts';
import { listImages } from '../../../core/store/images.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { listRuns } from '../../../core/store/runs.ts';
import { listScores } from '../../../core/store/scores.ts';
import { stateOf, writeForever, writtenImages } from '../../support/project-writer.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const kills = 25;
const writer = pathToFileURL(join(import.meta.dirname, '../../support/project-writer.ts')).href;
const script = `import { ${writeForever.name} as write } from '${writer}'; write(process.argv[1]);`;

/** Lets a child write until `acknowledgements` checkpoints were acknowledged and `delay` ms more; gives the last one. */
function writeAndKill(path: string, acknowledgements: number, delay: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let doomed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (doomed || output.split('\n').length <= acknowledgements) return;
    doomed = true;
    setTimeout(() => child.kill('SIGKILL'), delay);
  });
  return new Promise((resolve, reject) => {
    child.once('close', (_, signal) => {
      if (signal === 'SIGKILL') resolve(Number(output.split('\n').at(-2)));
      else reject(new Error('the writer ended by itself'));
    });
  });
}

test(
  `what was acknowledged is there after each of ${kills} kills, and nothing is half done`,
  { timeout: 120_000 },
  async () => {
    const path = join(temporaryFolder(), 'killed.congeal');
    const random = createRandom(11);
    for (let kill = 0; kill < kills; kill++) {
      const acknowledged = await writeAndKill(path, 1 + random.integer(12), random.integer(8));
      const project = openProject(path);
      const runs = listRuns(project);
      expect(runs).toHaveLength(1);
      const checkpoint = loadCheckpoint(project, runs[0].id);
      const sequence = checkpoint?.sequence ?? 0;
      expect(sequence).toBeGreaterThanOrEqual(acknowledged);
      expect(Buffer.compare(checkpoint?.state ?? Buffer.alloc(0), stateOf(sequence))).toBe(0);
      expect(listImages(project)).toHaveLength(writtenImages);
      const scores = listScores(project, runs[0].id);
      expect(scores).toHaveLength(writtenImages);
      const values = new Set(scores.map((score) => score.value));
      expect(values.size).toBe(1);
      expect([...values][0]).toBeGreaterThanOrEqual(acknowledged);
      closeProject(project);
    }
  },
);
