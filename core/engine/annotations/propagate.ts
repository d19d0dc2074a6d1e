import { CongealError } from '../../contract/errors.ts';
import { invert, multiply, type Matrix3 } from '../../geometry/matrix.ts';
import { mapShape, reachesOutside, type BoxesAs } from '../../geometry/shapes.ts';
import type { Annotation, NewAnnotation } from '../../store/annotations.ts';
import { addAnnotation, annotationsOfImages, removeAnnotations } from '../../store/annotations.ts';
import type { Editing, ProjectReader } from '../../store/database.ts';
import type { AnnotationId, ImageId } from '../../store/ids.ts';
import { findImage } from '../../store/images.ts';
import type { Run } from '../../store/runs.ts';
import { effectiveTransforms } from '../transforms/effective.ts';
import { toGeometry, toStored } from './shapes.ts';

/** What is to be carried where. */
export interface Propagation {
  readonly run: Run;
  readonly sources: readonly Annotation[];
  /** Images to reach; all of the run where absent. */
  readonly images?: ReadonlySet<ImageId> | undefined;
  readonly boxes: BoxesAs;
  /** Whether what was carried from the same before, and nobody touched since, gives way. */
  readonly replace: boolean;
}

/** What carrying annotations will do: nothing is written before all of it is known. */
export interface PlannedPropagation {
  readonly made: readonly NewAnnotation[];
  readonly replaced: readonly AnnotationId[];
  /** How many of those made reach outside their image. */
  readonly outside: number;
  readonly images: readonly ImageId[];
}

/**
 * Works out where annotations lie in other images, through the transforms of a run as they count: from its canonical
 * frame, or from an image by way of it. Points and polygons are carried exactly; boxes become what `boxes` says.
 *
 * What a person has touched stays and is not made again; what was rejected is not reached.
 *
 * **Throws** CongealError `usage` for an annotation that lies on neither the run's frame nor an image with a transform in it.
 */
export function planPropagation(
  reader: ProjectReader,
  { run, sources, images, boxes, replace }: Propagation,
): PlannedPropagation {
  const poses = new Map<ImageId, Matrix3>();
  for (const { image, canonicalToImage, decision } of effectiveTransforms(reader, run.id))
    if (canonicalToImage !== null && decision !== 'rejected') poses.set(image, canonicalToImage);
  const targets = [...poses.keys()].filter((image) => images?.has(image) ?? true);
  const derived = derivedFrom(reader, targets, sources);
  const made: NewAnnotation[] = [];
  const replaced: AnnotationId[] = [];
  let outside = 0;
  for (const image of targets) {
    const size = findImage(reader, image);
    const canonicalToImage = poses.get(image);
    if (size?.status !== 'ready' || canonicalToImage === undefined) continue;
    for (const source of sources) {
      if ('image' in source.on && source.on.image === image) continue;
      const own = derived.get(`${image} ${source.id}`) ?? [];
      if (own.some(({ origin }) => origin !== 'propagated') || (own.length > 0 && !replace)) continue;
      replaced.push(...own.map(({ id }) => id));
      const shape = mapShape(
        multiply(canonicalToImage, toCanonical(source, run, poses)),
        toGeometry(source.shape),
        boxes,
      );
      if (reachesOutside(shape, size)) outside += 1;
      const { label, landmark } = source;
      const stored = toStored(shape, source.shape);
      made.push({
        ...{ on: { image }, shape: stored, label, landmark, origin: 'propagated', source: source.id },
        changedAt: Date.now(),
      });
    }
  }
  return { made, replaced, outside, images: targets };
}

/** Writes down what was planned. */
export function applyPropagation(editing: Editing, { made, replaced }: PlannedPropagation): void {
  removeAnnotations(editing, replaced);
  for (const annotation of made) addAnnotation(editing, annotation);
}

/** What lies on images and came from sources, touched or not, by image and source. */
function derivedFrom(
  reader: ProjectReader,
  images: readonly ImageId[],
  sources: readonly Annotation[],
): ReadonlyMap<string, readonly Annotation[]> {
  const wanted = new Set(sources.map(({ id }) => id));
  const found = new Map<string, Annotation[]>();
  for (const annotation of annotationsOfImages(reader, images)) {
    if (annotation.source === null || !wanted.has(annotation.source) || !('image' in annotation.on)) continue;
    const key = `${annotation.on.image} ${annotation.source}`;
    found.set(key, [...(found.get(key) ?? []), annotation]);
  }
  return found;
}

/** The map from where an annotation lies to the canonical frame of a run. */
function toCanonical({ id, on }: Annotation, run: Run, poses: ReadonlyMap<ImageId, Matrix3>): Matrix3 {
  if (!('image' in on)) {
    if (on.canonicalFrameOf === run.id) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
    throw elsewhere(id, 'on the canonical frame of another run');
  }
  const pose = poses.get(on.image);
  if (pose === undefined) throw elsewhere(id, 'on an image in which this run has found nothing, or that was rejected');
  return invert(pose);
}

function elsewhere(id: AnnotationId, where: string): CongealError {
  return new CongealError('usage', `This annotation cannot be carried on: it lies ${where}.`, {
    details: { annotation: String(id) },
  });
}
