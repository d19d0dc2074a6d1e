import type { LandmarkSchema, NewLandmarkSchema } from '../../store/landmark-schemas.ts';
import { addLandmarkSchema, changeLandmarkSchema, listLandmarkSchemas } from '../../store/landmark-schemas.ts';
import { checkSchema, dropSchema, schemaOf } from '../annotations/landmark-schemas.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { makeEdit } from '../history/make-edit.ts';
import type { OpenProject } from '../open-projects.ts';

type Pair = [number, number];

/** Landmark schemas. */
export function landmarksHandlers(engine: Engine): GroupHandlers<'landmarks'> {
  const told = (open: OpenProject) =>
    engine.hub.publish({ event: 'annotations-changed', project: open.id, images: null });
  return {
    list: ({ params }) => ({ schemas: listLandmarkSchemas(engine.projects.get(params.project).reader).map(view) }),
    create: ({ params, body: { points: landmarks, name, edges, mirrored } }) => {
      const open = engine.projects.get(params.project);
      const schema: NewLandmarkSchema = { name, landmarks, edges, mirrored };
      checkSchema(open.reader, schema);
      const id = makeEdit(engine, open, `Make the landmarks ${name}`, (editing) => addLandmarkSchema(editing, schema));
      told(open);
      return view({ ...schema, id });
    },
    edit: ({ params, body: { points: landmarks, name, edges, mirrored } }) => {
      const open = engine.projects.get(params.project);
      const before = schemaOf(open.reader, params.schema);
      const schema: LandmarkSchema = { id: before.id, name, landmarks, edges, mirrored };
      checkSchema(open.reader, schema, before);
      makeEdit(engine, open, `Change the landmarks ${name}`, (editing) => changeLandmarkSchema(editing, schema));
      told(open);
      return view(schema);
    },
    remove: ({ params }) => {
      const open = engine.projects.get(params.project);
      const schema = schemaOf(open.reader, params.schema);
      makeEdit(engine, open, `Remove the landmarks ${schema.name}`, (editing) => dropSchema(editing, schema));
      told(open);
      return {};
    },
  };
}

function view({ id, name, landmarks, edges, mirrored = [] }: LandmarkSchema) {
  const pairs = (all: readonly (readonly [number, number])[]) => all.map(([a, b]): Pair => [a, b]);
  return { id: String(id), name, points: [...landmarks], edges: pairs(edges), mirrored: pairs(mirrored) };
}
