import type { Card, MeanPictures } from '../../compute/pictures.ts';
import type { LocatedStatus } from '../../compute/learned.ts';
import { CongealError } from '../../contract/errors.ts';
import type { Recipe } from '../../datasets/transforms-json.ts';
import { listModels } from '../../store/models.ts';
import type { Run } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import { finishedRunOf } from '../finished-run.ts';
import type { FinishedImage } from '../finished-run.ts';
import type { OpenProject } from '../open-projects.ts';
import { buildReport } from '../report/build-report.ts';
import type { ReportInputs } from '../run-report.ts';
import { cardSide, imagesWithCards, reportWithoutPictures, withPictures } from '../run-report.ts';
import { askedOptions } from './run-plan.ts';
import { askOfImage } from '../images/ask-of-image.ts';
import { loadPage, loadPicture } from './run-pictures.ts';
import type { RunSummary } from './run-summary.ts';
import { viewRun } from './view-run.ts';

/**
 * The report of a finished run as one page, with a person's corrections as they stand now.
 *
 * **Throws** CongealError `unsupported` for runs that no report is made of, and as `Workers.call`.
 */
export async function reportOfRun(engine: Engine, open: OpenProject, run: Run, signal: AbortSignal): Promise<string> {
  const { kind } = run;
  const page = kind === 'learn' ? loadPage(open.reader, run.id) : undefined;
  if (page !== undefined) return page;
  if (kind !== 'find' && kind !== 'align')
    throw new CongealError(
      'unsupported',
      `There is no report of a run of this kind (${kind}), only of find, align and learn.`,
    );
  const { images } = finishedRunOf(open.reader, run);
  const summary = (run.result ?? {}) as RunSummary;
  const orderBy = kind === 'find' ? 'confidence' : 'similarity';
  const title = viewRun(engine, open, run).name;
  const learned = learnedAgain(images, summary);
  const recipe = recipeOf(open, run, images);
  const report = reportWithoutPictures({ kind, title, learned, failures: summary.failures ?? [], recipe, orderBy });
  const wanted = imagesWithCards(report);
  const allowDamaged = askedOptions(run)['allowDamaged'] === true;
  const cards = new Map<string, Card>();
  for (const { id, image, transform } of images) {
    if (!wanted.has(id)) continue;
    const { path } = image;
    const request = { path, after: transform.canonicalToImage, cardSide, allowDamaged };
    const card = await askOfImage(engine, open, 'card', request, signal);
    if (card !== undefined) cards.set(id, card);
  }
  const shown = picturesShown(open, run);
  if (shown === undefined) return buildReport({ ...report, images: report.images });
  return buildReport(withPictures(report, { shown, files: shown, shownSize: shownSide, cards }));
}

/** Side in pixels at which the means are shown. */
const shownSide = 256;

function picturesShown({ reader }: OpenProject, { id }: Run): MeanPictures | undefined {
  const mean = loadPicture(reader, id, 'mean');
  const std = loadPicture(reader, id, 'std');
  const meanBefore = loadPicture(reader, id, 'mean-before');
  return mean === undefined || std === undefined || meanBefore === undefined ? undefined : { mean, std, meanBefore };
}

/** What the learning job had left, as far as a report needs it. */
function learnedAgain(images: readonly FinishedImage[], { curves = [] }: RunSummary): ReportInputs['learned'] {
  return {
    images: images.map(({ image }) => ({ info: image })),
    located: images.map(({ id, transform, scores }) => ({
      id,
      status: transform.decision === 'accepted' || transform.corrected ? 'ok' : (transform.status as LocatedStatus),
      canonicalToImage: transform.canonicalToImage,
      box: transform.box,
      mirrored: transform.mirrored,
      scores: Object.fromEntries(
        Object.entries(scores).filter((entry): entry is [string, number] => entry[1] !== undefined),
      ),
    })),
    curves,
  };
}

function recipeOf({ reader }: OpenProject, run: Run, images: readonly FinishedImage[]): Recipe {
  return {
    command: `congeal ${run.kind}`,
    options: askedOptions(run),
    seed: run.seed,
    versions: run.versions,
    inputs: images.map(({ id, image }) => ({ file: id, sha256: image.sha256 })),
    models: listModels(reader, run.id).map(({ name, sha256 }) => ({ name, sha256 })),
  };
}
