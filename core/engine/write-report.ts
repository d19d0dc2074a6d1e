import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import type { Pictures } from '../compute/pictures.ts';
import { versions } from '../compute/supervisor/versions.ts';
import type { Recipe } from '../datasets/transforms-json.ts';
import { centreSquare } from './before.ts';
import { writeWhole } from './outputs.ts';
import { buildReport } from './report/build-report.ts';
import type { LearningOutcome } from './run-learning.ts';
import { cardSide, imagesWithCards, reportWithoutPictures, withPictures } from './run-report.ts';

/** What a run's files have in common. */
export interface RunFiles {
  readonly recipe: Recipe;
  readonly pictures: Pictures;
  readonly failures: readonly { readonly file: string; readonly code: string; readonly reason: string }[];
  /** The report as a page. */
  readonly page: string;
}

/** How a run's report is made. */
export interface RunReport {
  readonly kind: 'find' | 'align';
  readonly title: string;
  readonly seed: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly modelName: string;
  readonly orderBy: string;
  /** Side of the mean images in pixels. */
  readonly size: number;
  readonly allowDamaged: boolean;
}

/** Renders the pictures of a run and builds its recipe and its report. */
export async function* makeRunFiles(
  { kind, title, seed, options, modelName, orderBy, size, allowDamaged }: RunReport,
  { learned, source, compute }: LearningOutcome,
): AsyncGenerator<SupervisedMessage, RunFiles> {
  const failures = [...source.failures, ...learned.failures].map(({ id, code, reason }) => ({
    file: id,
    code,
    reason,
  }));
  const recipe: Recipe = {
    command: `congeal ${kind}`,
    options,
    seed,
    versions: versions(),
    inputs: learned.images.map(({ id, info }) => ({ file: id, sha256: info.sha256 })),
    models: learned.model === null ? [] : [{ name: modelName, sha256: sha256Of(learned.model) }],
  };
  const report = reportWithoutPictures({ kind, title, learned, failures, recipe, orderBy });
  const cards = imagesWithCards(report);
  const items = learned.located.map((one, n) => ({
    id: one.id,
    path: learned.images[n].path,
    before: centreSquare(learned.images[n].info),
    after: one.canonicalToImage,
    counted: one.status === 'ok',
    card: cards.has(one.id),
  }));
  const pictures = yield* compute('pictures', { items, size, cardSide, allowDamaged });
  return { recipe, pictures, failures, page: buildReport(withPictures(report, pictures)) };
}

/** Writes files into a folder, each whole or not at all, and returns their paths; null contents are left out. */
export async function writeAll(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array | null>>,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    if (content === null) continue;
    const path = join(folder, name);
    await writeWhole(path, content);
    written.push(path);
  }
  return written;
}

/** SHA-256 of some bytes, in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
