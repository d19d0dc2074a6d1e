import { prepare, reading, type Editing, type ProjectReader } from './database.ts';
import type { LandmarkSchemaId } from './ids.ts';

/** Named landmarks in their order, and which are joined by a line (indices into `landmarks`). */
export interface NewLandmarkSchema {
  readonly name: string;
  readonly landmarks: readonly string[];
  readonly edges: readonly (readonly [from: number, to: number])[];
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
export function addLandmarkSchema(editing: Editing, { name, landmarks, edges }: NewLandmarkSchema): LandmarkSchemaId {
  const row = [name, JSON.stringify(landmarks), JSON.stringify(edges)];
  return Number(prepare(editing, insertOne).run(...row).lastInsertRowid) as LandmarkSchemaId;
}

/** Replaces a landmark schema. Gives whether there was one of that id. */
export function changeLandmarkSchema(editing: Editing, { id, name, landmarks, edges }: LandmarkSchema): boolean {
  return prepare(editing, updateOne).run(name, JSON.stringify(landmarks), JSON.stringify(edges), id).changes > 0;
}

/** Removes a landmark schema; points keep their names. Gives whether there was one of that id. */
export function removeLandmarkSchema(editing: Editing, id: LandmarkSchemaId): boolean {
  return prepare(editing, removeOne).run(id).changes > 0;
}

function toLandmarkSchema(row: LandmarkSchemaRow): LandmarkSchema {
  return {
    id: row.id as LandmarkSchemaId,
    name: row.name,
    landmarks: JSON.parse(row.landmarks) as LandmarkSchema['landmarks'],
    edges: JSON.parse(row.edges) as LandmarkSchema['edges'],
  };
}
