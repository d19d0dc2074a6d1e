import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { annotationsOfImages } from '../store/annotations.ts';
import type { ProjectReader } from '../store/database.ts';
import type { ReadyImage, StoredImage } from '../store/images.ts';
import { listImages } from '../store/images.ts';
import { closeProject, openProject } from '../store/project-file.ts';
import type { Run } from '../store/runs.ts';
import { listRuns } from '../store/runs.ts';
import { listScores } from '../store/scores.ts';
import type { CarriedAnnotation } from './annotations/shapes.ts';
import { toGeometry } from './annotations/shapes.ts';
import { projectFileName } from './outputs.ts';
import { commonFolder, rememberedRoot } from './source.ts';
import type { EffectiveTransform } from './transforms/effective.ts';
import { effectiveTransforms } from './transforms/effective.ts';

/** An image of a finished run, and what counts of what the run found in it. */
export interface FinishedImage {
  /** Name within the collection, with `/`. */
  readonly id: string;
  readonly image: StoredImage & ReadyImage;
  readonly transform: EffectiveTransform;
  readonly scores: Readonly<Partial<Record<string, number>>>;
}

/** A finished run, in file-name order. */
export interface FinishedRun {
  readonly run: Run;
  readonly images: readonly FinishedImage[];
  /** By name: what was drawn on the images. */
  readonly annotations: ReadonlyMap<string, readonly CarriedAnnotation[]>;
}

/**
 * Reads the latest finished alignment of a project, or its latest search where there is none.
 *
 * @param source - an output folder, or a `.congeal` project file
 *
 * **Throws** CongealError `input-missing` (no project there, or no finished run in it), `project-…`.
 */
export async function readFinishedRun(source: string): Promise<FinishedRun> {
  const path = resolve(source);
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const project = openProject(isFolder ? join(path, projectFileName) : path, { readOnly: true });
  try {
    const done = listRuns(project).filter((run) => run.status === 'done');
    const run = done.findLast(({ kind }) => kind === 'align') ?? done.findLast(({ kind }) => kind === 'find');
    if (run === undefined)
      throw new CongealError(
        'input-missing',
        `There is no finished run in ${project.path}. Run find or align first, or finish it with --resume.`,
      );
    return finishedRunOf(project, run);
  } finally {
    closeProject(project);
  }
}

/** Reads a finished run of an open project, a person's corrections included. **Throws** as `reading`. */
export function finishedRunOf(project: ProjectReader, run: Run): FinishedRun {
  const images = listImages(project);
  const paths = images.map((image) => image.path);
  const root = rememberedRoot(project, run) ?? commonFolder(paths, project.path);
  const byId = new Map(images.map((image) => [image.id, image]));
  const scores = new Map<number, Record<string, number>>();
  for (const { image, name, value } of listScores(project, run.id))
    scores.set(image, { ...scores.get(image), [name]: value });
  const finished = effectiveTransforms(project, run.id).flatMap((transform): FinishedImage[] => {
    const image = byId.get(transform.image);
    if (image?.status !== 'ready') return [];
    const id = relative(root, image.path).split(sep).join('/');
    return [{ id, image, transform, scores: scores.get(transform.image) ?? {} }];
  });
  const sorted = finished.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { run, images: sorted, annotations: annotationsByName(project, sorted) };
}

function annotationsByName(
  project: ProjectReader,
  images: readonly FinishedImage[],
): ReadonlyMap<string, readonly CarriedAnnotation[]> {
  const names = new Map<number, string>(images.map(({ id, image }) => [image.id, id]));
  const found = new Map<string, CarriedAnnotation[]>();
  for (const { on, shape, label, landmark, origin } of annotationsOfImages(
    project,
    images.map(({ image }) => image.id),
  )) {
    const name = 'image' in on ? names.get(on.image) : undefined;
    if (name === undefined) continue;
    const carried = { label, landmark, propagated: origin === 'propagated', shape: toGeometry(shape) };
    found.set(name, [...(found.get(name) ?? []), carried]);
  }
  return found;
}
