import { join, resolve } from 'node:path';
import type { PictureRow } from '../compute/demo-picture.ts';
import { versions } from '../compute/supervisor/versions.ts';
import type { DoneMessage, EngineMessage, Figures } from '../contract/events.ts';
import type { DemoOptions } from '../contract/options.ts';
import { demoMeanSide, runCollection } from './demo/collection.ts';
import type { DemoOutcome, DemoPlan } from './demo/collection.ts';
import { demoPage } from './demo/page.ts';
import { centreSquare } from './before.ts';
import { threadsOf } from './machine.ts';
import { prepareOutput, writeWhole } from './outputs.ts';
import type { UseCaseContext } from './use-case.ts';

const plans: readonly DemoPlan[] = [
  {
    name: 'glyphs',
    title: 'Cluttered glyphs',
    description:
      '100 pictures of 84 x 84 pixels: one handwritten ampersand anywhere, among fragments of other glyphs. ' +
      'The localisation network learns where it is from nothing but the pictures. Each is written with its own slant, which ' +
      'the alignment takes for a little rotation.',
    count: 100,
    align: { family: 'similarity', rotation: 30, learn: false },
    withinBoxes: true,
  },
  {
    name: 'beetles',
    title: 'Beetles',
    description:
      '60 pictures about 320 pixels wide: one jointed beetle at any rotation and scale, in any light, half of them partly ' +
      'under a leaf, on gravel, wood, fabric or grass.',
    count: 60,
    align: {},
    withinBoxes: false,
  },
];

/** Makes the sample collections and does the whole main job on them: find, align, export, compare with the truth. */
export async function* demo(
  { out, force, seed, threads }: DemoOptions,
  { workers, signal }: UseCaseContext,
): AsyncGenerator<EngineMessage, DoneMessage> {
  const started = performance.now();
  const folder = resolve(out);
  await prepareOutput(folder, { force });
  const context = { seed, threads: threadsOf(threads), signal, workers };
  const outcomes: DemoOutcome[] = [];
  for (const plan of plans) outcomes.push(yield* runCollection(plan, folder, context));
  const report = join(folder, 'report.html');
  const picture = join(folder, 'picture.png');
  const drawn = workers.call('demo picture', rowsOf(outcomes), { signal, priority: 'run' });
  yield { event: 'progress', phase: 'write report', done: 0, total: 1 };
  await writeWhole(picture, await drawn);
  const how = { command: 'congeal demo', seed, versions: versions() };
  await writeWhole(report, await demoPage(outcomes, how, { workers, signal }));
  return {
    event: 'done',
    command: 'demo',
    out: folder,
    written: [report, picture, ...outcomes.flatMap(({ written }) => written)],
    images: plans.reduce((sum, { count }) => sum + count, 0),
    failed: 0,
    seconds: (performance.now() - started) / 1000,
    figures: figuresOf(outcomes),
  };
}

function figuresOf(outcomes: readonly DemoOutcome[]): Figures {
  const entries = outcomes.flatMap(({ plan, measured, seconds }) => [
    ...measured.flatMap(({ label, before, after, unit }): [string, number][] => [
      [`${plan.name}: ${label}${unit === '' ? '' : ` [${unit}]`}, before`, before],
      [`${plan.name}: ${label}${unit === '' ? '' : ` [${unit}]`}, after`, after],
    ]),
    ...Object.entries(seconds).map(([stage, value]): [string, number] => [`${plan.name}: ${stage} [s]`, value]),
  ]);
  return Object.fromEntries(entries);
}

/** One row of the picture per collection: some images as they came, and the same in their canonical pose. */
function rowsOf(outcomes: readonly DemoOutcome[]): readonly PictureRow[] {
  return outcomes.map(({ folder, samples, poses }) => ({
    images: samples.slice(0, 8).map((sample) => ({
      path: join(folder, 'images', sample.file),
      before: centreSquare(sample),
      after: poses.get(sample.file) ?? centreSquare(sample),
    })),
    meanBefore: join(folder, 'aligned', 'mean-before.png'),
    mean: join(folder, 'aligned', 'mean.png'),
    meanSide: demoMeanSide,
  }));
}
