import { CongealError } from '../../contract/errors.ts';
import { changeAnnotation } from '../../store/annotations.ts';
import type { Editing, ProjectReader } from '../../store/database.ts';
import type { LandmarkSchema, NewLandmarkSchema } from '../../store/landmark-schemas.ts';
import { listLandmarkSchemas, removeLandmarkSchema } from '../../store/landmark-schemas.ts';
import { noSuch } from '../row-ids.ts';
import { allAnnotations } from './page-annotations.ts';

/** The landmark schema of an id. **Throws** CongealError `not-found`. */
export function schemaOf(reader: ProjectReader, id: string): LandmarkSchema {
  const schema = listLandmarkSchemas(reader).find((one) => String(one.id) === id);
  if (schema === undefined) throw noSuch('schema', id);
  return schema;
}

/** The name of the landmark that a point is said to be. **Throws** CongealError `not-found` for one that is not there. */
export function landmarkOf(
  reader: ProjectReader,
  landmark: { readonly schema: string; readonly name: string } | null,
): string | null {
  if (landmark === null) return null;
  if (schemaOf(reader, landmark.schema).landmarks.includes(landmark.name)) return landmark.name;
  throw new CongealError('not-found', `This landmark schema has no point '${landmark.name}'.`);
}

/**
 * Refuses a schema that contradicts itself, or whose name is taken.
 *
 * **Throws** CongealError `usage`, `conflict`.
 */
export function checkSchema(reader: ProjectReader, schema: NewLandmarkSchema, own?: LandmarkSchema): void {
  const { name, landmarks, edges, mirrored = [] } = schema;
  if (new Set(landmarks).size < landmarks.length)
    throw new CongealError('usage', 'Two points of this schema have the same name. Give each its own.');
  if ([...edges, ...mirrored].flat().some((index) => index >= landmarks.length))
    throw new CongealError('usage', `This schema joins a point that it does not have; it has ${landmarks.length}.`);
  if (listLandmarkSchemas(reader).some((one) => one.name === name && one.id !== own?.id))
    throw new CongealError('conflict', `There is a landmark schema called '${name}' already. Choose another name.`);
}

/** Removes a schema; its points stay, without names. */
export function dropSchema(editing: Editing, schema: LandmarkSchema): void {
  for (const annotation of allAnnotations(editing)) {
    const { shape } = annotation;
    if (shape.kind !== 'point' || shape.schema !== String(schema.id)) continue;
    const { kind, x, y, visible } = shape;
    const bare = { kind, x, y, ...(visible === undefined ? {} : { visible }) };
    changeAnnotation(editing, { ...annotation, shape: bare, landmark: null });
  }
  removeLandmarkSchema(editing, schema.id);
}
