import type { Card, Pictures } from '../compute/pictures.ts';
import type { Learned, Located } from '../compute/learned.ts';
import type { Recipe } from '../datasets/transforms-json.ts';
import { pixelToUnit } from '../geometry/frames.ts';
import { applyPoint, multiply } from '../geometry/matrix.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import { readTransform } from '../geometry/reading.ts';
import type { Point, Size } from '../geometry/units.ts';
import type {
  CollectionReport,
  ReportFigure,
  ReportImage,
  ReportPicture,
  ReportPose,
  ReportRecipe,
  ReportStatus,
} from './report/data.ts';
import { chooseForSheet } from './report/order.ts';
import { signalsOf } from './signals.ts';

/** What a report needs of what a run has left. */
type ReportLearned = Pick<Learned, 'located' | 'curves'> & { readonly images: readonly Pictured[] };

/** An image as far as a report needs it; its size is that of the oriented original. */
interface Pictured {
  readonly info: Size;
}

/** What a report is made from besides the pictures. */
export interface ReportInputs {
  readonly kind: 'find' | 'align';
  readonly title: string;
  readonly learned: ReportLearned;
  readonly failures: readonly { readonly file: string; readonly code: string; readonly reason: string }[];
  readonly recipe: Recipe;
  readonly orderBy: string;
}

/** Longest side of the pictures on cards, in pixels. */
export const cardSide = 128;

const statuses: Record<Located['status'], ReportStatus> = { ok: 'good', flagged: 'doubtful', missing: 'missing' };

/** The report without its pictures: enough to choose which images get one. */
export function reportWithoutPictures(inputs: ReportInputs): CollectionReport {
  const { learned, kind } = inputs;
  const counts = { ok: 0, flagged: 0, missing: 0 };
  for (const { status } of learned.located) counts[status] += 1;
  return {
    kind,
    title: inputs.title,
    summary: summaryOf(kind, counts, inputs.failures.length),
    figures: figuresOf(learned, counts, inputs.failures.length),
    images: learned.located.map((one, n) => imageOf(one, learned.images[n])),
    signals: signalsOf(learned.located.map((one) => one.scores)),
    orderBy: inputs.orderBy,
    curves: learned.curves
      .filter((curve) => curve.values.length > 1)
      .map(({ title, x, y, values }) => ({ title, x, y, points: thinned(values) })),
    failures: inputs.failures,
    recipe: recipeOf(inputs.recipe),
  };
}

/** Names of the images that get a card. */
export function imagesWithCards(report: CollectionReport): ReadonlySet<string> {
  const { worst, best } = chooseForSheet(report);
  return new Set([...worst, ...best].map((image) => image.file));
}

/** The report with its pictures. */
export function withPictures(report: CollectionReport, { shown, shownSize, cards }: Pictures): CollectionReport {
  const square = (png: Uint8Array): ReportPicture => ({ source: pngAddress(png), width: shownSize, height: shownSize });
  return {
    ...report,
    meanBefore: square(shown.meanBefore),
    meanAfter: square(shown.mean),
    deviation: square(shown.std),
    images: report.images.map((image) => ({ ...image, ...cardPictures(image, cards.get(image.file)) })),
  };
}

function cardPictures(image: ReportImage, card: Card | undefined): Pick<ReportImage, 'original' | 'crop'> {
  if (card === undefined) return {};
  const scale = Math.min(1, cardSide / Math.max(image.width, image.height));
  const original = {
    source: card.thumbnail,
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
  if (card.crop === null) return { original };
  return { original, crop: { source: card.crop, width: cardSide, height: cardSide } };
}

/** A PNG file as an address that needs no other file. */
export function pngAddress(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

function imageOf(one: Located, image: Pictured): ReportImage {
  const { width, height } = image.info;
  return {
    file: one.id,
    width,
    height,
    status: statuses[one.status],
    signals: one.scores,
    ...(one.reason === undefined ? {} : { reason: one.reason }),
    ...(one.canonicalToImage === null
      ? {}
      : {
          outline: outlineOf(one, one.canonicalToImage),
          pose: poseOf(one.canonicalToImage, width, height, one.mirrored),
        }),
  };
}

function outlineOf(one: Located, matrix: Matrix3): readonly Point[] {
  if (one.box !== null) {
    const { xmin, ymin, xmax, ymax } = one.box;
    return [
      { x: xmin, y: ymin },
      { x: xmax, y: ymin },
      { x: xmax, y: ymax },
      { x: xmin, y: ymax },
    ];
  }
  return [applyPoint(matrix, -1, -1), applyPoint(matrix, 1, -1), applyPoint(matrix, 1, 1), applyPoint(matrix, -1, 1)];
}

function poseOf(matrix: Matrix3, width: number, height: number, mirrored: boolean): ReportPose {
  const unit = multiply(pixelToUnit(width, height), matrix);
  const { angle, scale } = readTransform(unit, { width, height, canonicalAspect: 1 });
  const centre = applyPoint(matrix, 0, 0);
  return { angle, scale, shiftX: centre.x - width / 2, shiftY: centre.y - height / 2, mirrored };
}

function summaryOf(kind: 'find' | 'align', counts: Record<Located['status'], number>, failed: number): string {
  const total = counts.ok + counts.flagged + counts.missing;
  const done =
    kind === 'find'
      ? `The object was found in ${counts.ok + counts.flagged} of ${total} images.`
      : `${counts.ok + counts.flagged} of ${total} images were brought into one canonical pose.`;
  const look = counts.flagged > 0 ? ` ${counts.flagged} differ from the others: look at them first.` : '';
  const broken = failed > 0 ? ` ${failed} files could not be used.` : '';
  return done + look + broken;
}

function figuresOf(
  learned: ReportLearned,
  counts: Record<Located['status'], number>,
  failed: number,
): readonly ReportFigure[] {
  const figures: ReportFigure[] = [
    { label: 'Images', value: String(learned.images.length) },
    { label: 'To look at', value: String(counts.flagged + counts.missing) },
    { label: 'Left out', value: String(failed) },
  ];
  const similarity = learned.located.flatMap(({ scores }) => scores['similarity'] ?? []);
  if (similarity.length > 0) figures.push({ label: 'Median similarity', value: median(similarity).toFixed(3) });
  const confidence = learned.located.flatMap(({ scores }) => scores['confidence'] ?? []);
  if (confidence.length > 0) figures.push({ label: 'Median confidence', value: median(confidence).toFixed(3) });
  return figures;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** At most about 400 points: more than a chart can show. */
export function thinned(values: readonly number[]): readonly (readonly [number, number])[] {
  const every = Math.max(1, Math.ceil(values.length / 400));
  return values
    .map((value, n): [number, number] => [n + 1, value])
    .filter((_, n) => n % every === 0 || n === values.length - 1);
}

function recipeOf(recipe: Recipe): ReportRecipe {
  const entries = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  const groups: ReportRecipe['groups'] = [
    { title: 'Options', entries: [...entries(recipe.options), ['seed', String(recipe.seed)]] },
    { title: 'Versions', entries: entries(recipe.versions) },
    { title: 'Models', entries: recipe.models.map(({ name, sha256 }) => [name, sha256]) },
    { title: 'Images', entries: recipe.inputs.map(({ file, sha256 }) => [file, sha256 ?? 'not read']) },
  ];
  return { command: recipe.command, groups: groups.filter((group) => group.entries.length > 0) };
}
