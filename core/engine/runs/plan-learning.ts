import { relative, sep } from 'node:path';
import type { AlignRun, ApplyRun, FindRun, LearnRun } from '../../contract/recipes.ts';
import type { Selection } from '../../contract/selection.ts';
import { CongealError } from '../../contract/errors.ts';
import type { Box } from '../../geometry/boxes.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import type { StoredImage } from '../../store/images.ts';
import { toStoredPath } from '../../store/project-paths.ts';
import { listTags, tagsOfImages } from '../../store/tags.ts';
import type { PlainData } from '../../store/runs.ts';
import { listGroups } from '../images/groups.ts';
import { selectedImages } from '../images/select-images.ts';
import { runOf } from '../row-ids.ts';
import { commonFolder, rootKey } from '../source.ts';
import type { EffectiveTransform } from '../transforms/effective.ts';
import { effectiveTransforms } from '../transforms/effective.ts';
import type { RunPlan } from './run-plan.ts';
import { withPlan } from './run-plan.ts';

/** What all learning runs choose their images by. */
interface Choosing {
  readonly selection?: Selection | undefined;
  readonly withoutDuplicates: boolean;
}

/** A run's options as they are kept, and its plan. */
export interface PlannedRun {
  readonly options: PlainData;
  readonly plan: RunPlan;
}

/** The images of a run, named within their common folder. */
interface Chosen {
  readonly root: string;
  readonly images: readonly (readonly [image: ImageId, name: string])[];
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
  const labels = body.classes === 'folders' ? folderLabels(chosen) : tagLabels(reader, chosen);
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

/** The folder of each image right below the one that holds them all. */
function folderLabels({ images }: Chosen): ReadonlyMap<string, string> {
  return new Map(
    images.flatMap(([, name]): [string, string][] => {
      const end = name.indexOf('/');
      return end > 0 ? [[name, name.slice(0, end)]] : [];
    }),
  );
}

/** The tag of each image that has exactly one. */
function tagLabels(reader: ProjectReader, { images }: Chosen): ReadonlyMap<string, string> {
  const names = new Map(listTags(reader).map(({ id, name }) => [id, name]));
  const byImage = tagsOfImages(
    reader,
    images.map(([id]) => id),
  );
  return new Map(
    images.flatMap(([id, name]): [string, string][] => {
      const tags = byImage.get(id) ?? [];
      const only = tags.length === 1 ? names.get(tags[0]) : undefined;
      return only === undefined ? [] : [[name, only]];
    }),
  );
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

/** Ready images of the selection that nobody has rejected in an earlier run, by name. */
function chooseImages(
  reader: ProjectReader,
  { selection, withoutDuplicates }: Choosing,
  before: ReadonlyMap<ImageId, EffectiveTransform>,
  atLeast: number,
): Chosen {
  const all = selectedImages(reader, selection ?? { filter: {}, except: [] });
  const ready = all.filter(({ status }) => status === 'ready');
  const single = withoutDuplicates ? ready.filter(isChosenMember(reader)) : ready;
  const images = single.filter(({ id }) => before.get(id)?.decision !== 'rejected');
  if (images.length < atLeast)
    throw new CongealError(
      'too-few-images',
      `${images.length} of the ${all.length} images that were asked for can take part, expected at least ${atLeast}. ` +
        'Those that cannot be read, are left out as duplicates or were rejected do not.',
    );
  const root = commonFolder(
    images.map(({ path }) => path),
    reader.path,
  );
  const named = images.map(({ id, path }): [ImageId, string] => [id, relative(root, path).split(sep).join('/')]);
  return { root, images: named.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)) };
}

/** Of a group of which a member was chosen only that takes part; of files with the same bytes only the first. */
function isChosenMember(reader: ProjectReader): (image: StoredImage) => boolean {
  const chosen = listGroups(reader).filter(({ kept }) => kept !== null);
  const left = new Set(chosen.flatMap(({ images, kept }) => images.filter((id) => id !== kept)));
  const seen = new Set<string>();
  return ({ id, sha256 }) => {
    if (left.has(String(id))) return false;
    if (sha256 === null || sha256 === '') return true;
    if (seen.has(sha256)) return false;
    seen.add(sha256);
    return true;
  };
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
