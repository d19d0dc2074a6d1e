import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from '../../compute/samples.ts';
import { applyPoint } from '../../geometry/matrix.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import { buildReport } from '../report/build-report.ts';
import type { DemoCollection, ReportImage, ReportPicture } from '../report/data.ts';
import { cardSide, pngAddress } from '../run-report.ts';
import { demoMeanSide } from './collection.ts';
import type { UseCaseContext } from '../use-case.ts';
import type { DemoOutcome } from './collection.ts';

const exampleCount = 12;

/** The summary page of a demonstration: each collection with its figures against the truth and links to its reports. */
export async function demoPage(
  outcomes: readonly DemoOutcome[],
  recipe: { readonly command: string; readonly seed: number; readonly versions: Readonly<Record<string, string>> },
  context: UseCaseContext,
): Promise<string> {
  return buildReport({
    kind: 'demo',
    title: 'Congeal: a demonstration',
    summary:
      'Two collections were drawn, so that the truth is known; the object was found in every picture, and all pictures ' +
      'of a collection were brought into one pose, without any label. Open the reports for every single image.',
    collections: await Promise.all(outcomes.map((outcome) => toCollection(outcome, context))),
    recipe: {
      command: recipe.command,
      groups: [
        { title: 'Options', entries: [['seed', String(recipe.seed)]] },
        { title: 'Versions', entries: Object.entries(recipe.versions) },
      ],
    },
  });
}

async function toCollection(
  { plan, folder, samples, poses, measured }: DemoOutcome,
  context: UseCaseContext,
): Promise<DemoCollection> {
  const examples = samples.slice(0, exampleCount);
  return {
    title: plan.title,
    description: plan.description,
    meanBefore: await picture(join(folder, 'aligned', 'mean-before.png')),
    meanAfter: await picture(join(folder, 'aligned', 'mean.png')),
    examples: await Promise.all(
      examples.map((sample) => toExample(sample, join(folder, 'images', sample.file), poses.get(sample.file), context)),
    ),
    figures: measured.map(({ label, before, after, unit, digits }) => ({
      label,
      before: before.toFixed(digits),
      after: after.toFixed(digits),
      unit,
    })),
    links: [
      { href: `${plan.name}/found/report.html`, label: 'Report: find the object' },
      { href: `${plan.name}/aligned/report.html`, label: 'Report: align' },
    ],
  };
}

async function picture(path: string): Promise<ReportPicture> {
  return { source: pngAddress(await readFile(path)), width: demoMeanSide, height: demoMeanSide };
}

async function toExample(
  sample: Sample,
  path: string,
  pose: Matrix3 | undefined,
  { workers, signal }: UseCaseContext,
): Promise<ReportImage> {
  const { file, width, height } = sample;
  const plain = { file, width, height, signals: {} };
  if (pose === undefined) return { ...plain, status: 'missing' };
  const card = await workers.call(
    'card',
    { path, after: pose, cardSide, allowDamaged: false },
    { signal, priority: 'run' },
  );
  const corners = (
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const
  ).map(([x, y]) => applyPoint(pose, x, y));
  if (card === undefined) return { ...plain, status: 'good', outline: corners };
  const scale = Math.min(1, cardSide / Math.max(width, height));
  const original = { source: card.thumbnail, width: Math.round(width * scale), height: Math.round(height * scale) };
  const crop = card.crop === null ? {} : { crop: { source: card.crop, width: cardSide, height: cardSide } };
  return { ...plain, status: 'good', outline: corners, original, ...crop };
}
