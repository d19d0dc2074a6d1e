import { prepare, reading, type Editing, type ProjectReader } from './database.ts';
import type { AnnotationId, ImageId, RunId } from './ids.ts';

/** A shape; on an image in pixels of the oriented original, on a canonical frame in [-1, 1]. */
export type Shape =
  | {
      readonly kind: 'box';
      readonly xmin: number;
      readonly ymin: number;
      readonly xmax: number;
      readonly ymax: number;
      /** Turned about its centre by so many degrees, clockwise on screen; 0 where absent. */
      readonly angle?: number;
    }
  | {
      readonly kind: 'point';
      readonly x: number;
      readonly y: number;
      /** false: known but hidden. */
      readonly visible?: boolean;
      /** The landmark schema that its landmark belongs to, as doors know it. */
      readonly schema?: string;
    }
  | { readonly kind: 'polygon'; readonly points: readonly { readonly x: number; readonly y: number }[] };

/** What an annotation lies on: an image, or the canonical frame of a run. */
export type AnnotationPlace = { readonly image: ImageId } | { readonly canonicalFrameOf: RunId };

/** An annotation as it is handed to the project file. */
export interface NewAnnotation {
  readonly on: AnnotationPlace;
  readonly shape: Shape;
  /** The class or name of what is marked. */
  readonly label: string | null;
  /** The name of the landmark that a point is. */
  readonly landmark: string | null;
  /** 'propagated' until a person touches it. */
  readonly origin: 'drawn' | 'propagated' | 'imported';
  /** The annotation that it was propagated from. */
  readonly source: AnnotationId | null;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** An annotation as the project file knows it. */
export interface Annotation extends NewAnnotation {
  readonly id: AnnotationId;
}

interface AnnotationRow {
  readonly id: number;
  readonly image_id: number | null;
  readonly run_id: number | null;
  readonly kind: Shape['kind'];
  readonly geometry: string;
  readonly label: string | null;
  readonly landmark: string | null;
  readonly origin: NewAnnotation['origin'];
  readonly source_id: number | null;
  readonly changed_at: number;
}

const columns = 'image_id, run_id, kind, geometry, label, landmark, origin, source_id, changed_at';
const insertOne = `INSERT INTO annotation (${columns})
  VALUES (@image_id, @run_id, @kind, @geometry, @label, @landmark, @origin, @source_id, @changed_at)`;
const updateOne = `UPDATE annotation SET image_id = @image_id, run_id = @run_id, kind = @kind, geometry = @geometry,
    label = @label, landmark = @landmark, origin = @origin, source_id = @source_id, changed_at = @changed_at
  WHERE id = @id`;
const removeMany = 'DELETE FROM annotation WHERE id IN (SELECT value FROM json_each(?))';
const removePropagated = `DELETE FROM annotation WHERE origin = 'propagated'
  AND source_id IN (SELECT value FROM json_each(?))`;
const selectOne = `SELECT id, ${columns} FROM annotation WHERE id = ?`;
const selectOfImages = `SELECT annotation.id, ${columns} FROM json_each(?) AS given
  CROSS JOIN annotation ON image_id = given.value`;
const selectOfRun = `SELECT id, ${columns} FROM annotation WHERE run_id = ? ORDER BY id`;
const selectPage = `SELECT id, ${columns} FROM annotation WHERE id > ? ORDER BY id LIMIT ?`;

/** Adds an annotation. */
export function addAnnotation(editing: Editing, annotation: NewAnnotation): AnnotationId {
  return Number(prepare(editing, insertOne).run(toRow(annotation)).lastInsertRowid) as AnnotationId;
}

/** Replaces an annotation by what it has become. Gives whether there was one of that id. */
export function changeAnnotation(editing: Editing, annotation: Annotation): boolean {
  return prepare(editing, updateOne).run({ ...toRow(annotation), id: annotation.id }).changes > 0;
}

/** Removes annotations; what was propagated from them stays. Gives how many there were. */
export function removeAnnotations(editing: Editing, ids: readonly AnnotationId[]): number {
  return prepare(editing, removeMany).run(JSON.stringify(ids)).changes;
}

/** Removes what was propagated from annotations and not touched since. Gives how many there were. */
export function removePropagatedFrom(editing: Editing, sources: readonly AnnotationId[]): number {
  return prepare(editing, removePropagated).run(JSON.stringify(sources)).changes;
}

/** One annotation, or undefined. **Throws** as `reading`. */
export function findAnnotation(project: ProjectReader, id: AnnotationId): Annotation | undefined {
  const row = reading(project, () => prepare<[AnnotationId], AnnotationRow>(project, selectOne).get(id));
  return row === undefined ? undefined : toAnnotation(row);
}

/** The annotations on images, in the images' order, then by id. **Throws** as `reading`. */
export function annotationsOfImages(project: ProjectReader, images: readonly ImageId[]): readonly Annotation[] {
  return reading(project, () =>
    prepare<[string], AnnotationRow>(project, selectOfImages).all(JSON.stringify(images)).map(toAnnotation),
  );
}

/** The annotations on the canonical frame of a run, by id. **Throws** as `reading`. */
export function annotationsOfRun(project: ProjectReader, run: RunId): readonly Annotation[] {
  return reading(project, () => prepare<[RunId], AnnotationRow>(project, selectOfRun).all(run).map(toAnnotation));
}

/** All annotations by id, `limit` at a time after `after` (0 to begin). **Throws** as `reading`. */
export function pageAnnotations(project: ProjectReader, after: number, limit: number): readonly Annotation[] {
  return reading(project, () =>
    prepare<[number, number], AnnotationRow>(project, selectPage).all(after, limit).map(toAnnotation),
  );
}

function toRow({ on, shape, label, landmark, origin, source, changedAt }: NewAnnotation): Omit<AnnotationRow, 'id'> {
  const { kind, ...geometry } = shape;
  return {
    image_id: 'image' in on ? on.image : null,
    run_id: 'image' in on ? null : on.canonicalFrameOf,
    kind,
    geometry: JSON.stringify(geometry),
    label,
    landmark,
    origin,
    source_id: source,
    changed_at: changedAt,
  };
}

function toAnnotation(row: AnnotationRow): Annotation {
  const on = row.image_id === null ? { canonicalFrameOf: row.run_id as RunId } : { image: row.image_id as ImageId };
  return {
    id: row.id as AnnotationId,
    on,
    shape: { kind: row.kind, ...(JSON.parse(row.geometry) as object) } as Shape,
    label: row.label,
    landmark: row.landmark,
    origin: row.origin,
    source: row.source_id as AnnotationId | null,
    changedAt: row.changed_at,
  };
}
