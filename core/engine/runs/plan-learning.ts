import type { AlignRun, ApplyRun, FindRun, LearnRun } from '../../contract/recipes.ts';
import { CongealError } from '../../contract/errors.ts';
import type { Box } from '../../geometry/boxes.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import { toStoredPath } from '../../store/project-paths.ts';
import type { PlainData } from '../../store/runs.ts';
import { runOf } from '../row-ids.ts';
import { rootKey } from '../source.ts';
import type { EffectiveTransform } from '../transforms/effective.ts';
import { effectiveTransforms } from '../transforms/effective.ts';
import type { Chosen } from './choose-images.ts';
import { chooseImages } from './choose-images.ts';
import { labelsOf } from './learn-classes.ts';
import type { RunPlan } from './run-plan.ts';
import { withPlan } from './run-plan.ts';

/** A run's options as they are kept, and its plan. */
export interface PlannedRun {
  readonly options: PlainData;
  readonly plan: RunPlan;
}

/** Plans a search: which images, which boxes are kept. **Throws** CongealError `not-found`, `too-few-images`. */
export function planFind(reader: ProjectReader, body: FindRun): PlannedRun {
  const before = resultsOf(reader, body.keepAccepted);
  const chosen = chooseImages(reader, body, before, 2);
  const kept = namedBy(chosen, (image) => {
    const found = before.get(image);
    return found !== undefined && isKept(found) ? found.box : null;
  });
  return finishPlan(reader, body, chosen, { ...(kept.length === 0 ? {} : { kept }) });
}

/** Plans an alignment. **Throws** as `planFind`; `usage` for a reference that takes no part. */
export function planAlign(reader: ProjectReader, body: AlignRun): PlannedRun {
  const before = resultsOf(reader, body.keepAccepted);
  const bounds = resultsOf(reader, body.boxes);
  const chosen = chooseImages(reader, body, new Map([...bounds, ...before]), 2);
  const pins: (readonly [string, Matrix3])[] = namedBy(chosen, (image) => {
    const found = before.get(image);
    return found !== undefined && isKept(found) ? found.canonicalToImage : null;
  });
  const boxes: (readonly [string, Box])[] = namedBy(chosen, (image) => bounds.get(image)?.box ?? null);
  if (body.boxes !== undefined && boxes.length === 0)
    throw new CongealError('usage', 'The run whose boxes were to be used has no box in any of these images.');
  const reference = chosen.images.find(([image]) => String(image) === body.reference)?.[1];
  if (body.reference !== undefined && reference === undefined)
    throw new CongealError('usage', 'The reference image is none of those that take part. Choose another.', {
      details: { image: body.reference },
    });
  return finishPlan(reader, body, chosen, {
    ...(reference === undefined ? {} : { reference }),
    ...(boxes.length === 0 ? {} : { boxes }),
    ...(pins.length === 0 ? {} : { pins }),
  });
}

/** Plans the application of a model. **Throws** as `planFind`. */
export function planApply(reader: ProjectReader, body: ApplyRun): PlannedRun {
  return finishPlan(reader, body, chooseImages(reader, body, new Map(), 1), {});
}

/** Plans the training of a classifier. **Throws** as `planFind`; `too-few-images` where fewer than two classes take part. */
export function planLearn(reader: ProjectReader, body: LearnRun): PlannedRun {
  const chosen = chooseImages(reader, body, new Map(), 2);
  const labels = labelsOf(reader, body.classes, chosen);
  const images = chosen.images.filter(([, name]) => labels.has(name));
  const classes = new Set(labels.values());
  if (classes.size < 2)
    throw new CongealError(
      'too-few-images',
      `The images that were asked for are of ${classes.size} class${classes.size === 1 ? '' : 'es'}, expected at least two. ` +
        (body.classes === 'folders'
          ? 'Every folder right below the one that holds them all is a class.'
          : 'Every image with exactly one tag takes part; the tag is its class.'),
    );
  return finishPlan(reader, body, { ...chosen, images }, { labels: [...labels] });
}

function finishPlan(
  reader: ProjectReader,
  body: PlainData,
  { root, images }: Chosen,
  inputs: Omit<RunPlan, 'images'>,
): PlannedRun {
  const plan: RunPlan = { images, ...inputs };
  return { options: withPlan({ ...body, [rootKey]: toStoredPath(reader.path, root) }, plan), plan };
}

function resultsOf(reader: ProjectReader, run: string | undefined): ReadonlyMap<ImageId, EffectiveTransform> {
  if (run === undefined) return new Map();
  return new Map(effectiveTransforms(reader, runOf(reader, run).id).map((one) => [one.image, one]));
}

function isKept({ decision, corrected }: EffectiveTransform): boolean {
  return decision === 'accepted' || (corrected && decision !== 'rejected');
}

function namedBy<Value>(
  { images }: Chosen,
  valueOf: (image: ImageId) => Value | null,
): (readonly [name: string, value: Value])[] {
  return images.flatMap(([image, name]): [string, Value][] => {
    const value = valueOf(image);
    return value === null ? [] : [[name, value]];
  });
}
