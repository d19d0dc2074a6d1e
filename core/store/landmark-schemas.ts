import { prepare, reading, type Editing, type ProjectReader } from './database.ts';
import type { LandmarkSchemaId } from './ids.ts';

/** Named landmarks in their order, and which are joined by a line (indices into `landmarks`). */
export interface NewLandmarkSchema {
  readonly name: string;
  readonly landmarks: readonly string[];
  readonly edges: readonly (readonly [from: number, to: number])[];
  /** Landmarks that swap when an image is mirrored (indices); none where absent. */
  readonly mirrored?: readonly (readonly [number, number])[];
}

/** A landmark schema as the project file knows it. */
export interface LandmarkSchema extends NewLandmarkSchema {
  readonly id: LandmarkSchemaId;
}

interface LandmarkSchemaRow {
  readonly id: number;
  readonly name: string;
  readonly landmarks: string;
  readonly edges: string;
}

const selectAll = 'SELECT id, name, landmarks, edges FROM landmark_schema ORDER BY name';
const insertOne = 'INSERT INTO landmark_schema (name, landmarks, edges) VALUES (?, ?, ?)';
const updateOne = 'UPDATE landmark_schema SET name = ?, landmarks = ?, edges = ? WHERE id = ?';
const removeOne = 'DELETE FROM landmark_schema WHERE id = ?';

/** Every landmark schema, by name. **Throws** as `reading`. */
export function listLandmarkSchemas(project: ProjectReader): readonly LandmarkSchema[] {
  return reading(project, () => prepare<[], LandmarkSchemaRow>(project, selectAll).all().map(toLandmarkSchema));
}

/** Makes a landmark schema; its name must not be taken. */
export function addLandmarkSchema(editing: Editing, schema: NewLandmarkSchema): LandmarkSchemaId {
  return Number(prepare(editing, insertOne).run(...toRow(schema)).lastInsertRowid) as LandmarkSchemaId;
}

/** Replaces a landmark schema. Gives whether there was one of that id. */
export function changeLandmarkSchema(editing: Editing, schema: LandmarkSchema): boolean {
  return prepare(editing, updateOne).run(...toRow(schema), schema.id).changes > 0;
}

/** Removes a landmark schema; points keep their names. Gives whether there was one of that id. */
export function removeLandmarkSchema(editing: Editing, id: LandmarkSchemaId): boolean {
  return prepare(editing, removeOne).run(id).changes > 0;
}

/** Lines and mirrored pairs share a column: without pairs it holds the lines alone. */
type Joins = LandmarkSchema['edges'] | Required<Pick<LandmarkSchema, 'edges' | 'mirrored'>>;

function toRow({ name, landmarks, edges, mirrored = [] }: NewLandmarkSchema): readonly string[] {
  const joins: Joins = mirrored.length === 0 ? edges : { edges, mirrored };
  return [name, JSON.stringify(landmarks), JSON.stringify(joins)];
}

function toLandmarkSchema(row: LandmarkSchemaRow): LandmarkSchema {
  const joins = JSON.parse(row.edges) as Joins;
  return {
    id: row.id as LandmarkSchemaId,
    name: row.name,
    landmarks: JSON.parse(row.landmarks) as LandmarkSchema['landmarks'],
    ...('edges' in joins ? joins : { edges: joins }),
  };
}
