import type { Client } from '../../core/contract/client.ts';
import { writable } from '../../core/engine/open-projects.ts';
import type { ProjectReader } from '../../core/store/database.ts';
import { editableTables } from '../../core/store/editable-tables.ts';
import type { ImageId } from '../../core/store/ids.ts';
import { saveGroups } from '../../core/store/image-groups.ts';
import { knownRun, projectWorld, type ProjectWorld } from './project-world.ts';

/** An engine that has the project open which is edited. */
export interface EditedThrough {
  readonly client: Client<AbortSignal>;
  readonly project: string;
}

/** A project of six images with everything that can be edited: a finished run, two bursts. */
export async function editableWorld(): Promise<ProjectWorld & { readonly run: string }> {
  const world = await projectWorld(6);
  const run = knownRun(world);
  const images = world.images.map((id) => Number(id) as ImageId);
  saveGroups(writable(world.open), 'burst', [images.slice(0, 2), images.slice(2, 4)]);
  return { ...world, run };
}

/** Every row of every table that edits may change, as text; without times where they may differ. */
export function dumpEdits(reader: ProjectReader, times: 'with times' | 'without times' = 'with times'): string {
  const tables = Object.keys(editableTables).map((table) => {
    const columns = table === 'image' ? 'id, removed_at' : '*';
    return [table, reader.database.prepare(`SELECT ${columns} FROM ${table} ORDER BY 1, 2`).all()];
  });
  const isTime = (key: string) => /^(changed|removed)_at$/.test(key);
  return JSON.stringify(tables, (key, value: unknown) =>
    times === 'without times' && isTime(key) ? value !== null : value,
  );
}

/** Makes one edit of every kind, by the name of its command; each asks the engine that it is given. */
export function everyEdit({
  images: named,
  run,
}: Pick<ProjectWorld, 'images'> & { readonly run: string }): Readonly<
  Record<string, (engine: EditedThrough) => Promise<unknown>>
> {
  const some = { selection: { images: [named[0], named[1]] } };
  const made = { tag: '', schema: '', annotation: '', ofFrame: '', propagated: '' };
  const square = [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
  ] as [number, number][];
  return {
    'projects.rename': ({ client, project }) =>
      client.projects.rename({ params: { project }, body: { name: 'Another name' } }),
    'tags.create': async ({ client, project }) => {
      made.tag = (await client.tags.create({ params: { project }, body: { name: 'left' } })).id;
    },
    'tags.edit': ({ client, project }) =>
      client.tags.edit({ params: { project, tag: made.tag }, body: { name: 'right', colour: 'red' } }),
    'tags.assign': ({ client, project }) => client.tags.assign({ params: { project, tag: made.tag }, body: some }),
    'tags.unassign': ({ client, project }) =>
      client.tags.unassign({ params: { project, tag: made.tag }, body: { selection: { images: [named[0]] } } }),
    'transforms.accept': ({ client, project }) => client.transforms.accept({ params: { project, run }, body: some }),
    'transforms.reject': ({ client, project }) =>
      client.transforms.reject({ params: { project, run }, body: { selection: { images: [named[2]] } } }),
    'transforms.edit': ({ client, project }) =>
      client.transforms.edit({
        params: { project, run, image: named[3] },
        body: { matrix: [0.1 + 0.2, 0, 20, 0, 1 / 3, 15, 0, 0, 1], mirrored: true },
      }),
    'transforms.reset': ({ client, project }) =>
      client.transforms.reset({ params: { project, run }, body: { selection: { images: [named[0]] } } }),
    'landmarks.create': async ({ client, project }) => {
      const body = { name: 'face', points: ['eye', 'nose'], edges: [[0, 1]] as [number, number][] };
      made.schema = (await client.landmarks.create({ params: { project }, body })).id;
    },
    'landmarks.edit': ({ client, project }) =>
      client.landmarks.edit({
        params: { project, schema: made.schema },
        body: { name: 'head', points: ['eye', 'ear'] },
      }),
    'annotations.create': async ({ client, project }) => {
      const landmark = { schema: made.schema, name: 'ear' };
      const shape = { kind: 'point', at: [10.125, 1 / 3], landmark } as { kind: 'point'; at: [number, number] };
      const on = { image: named[0] };
      made.annotation = (await client.annotations.create({ params: { project }, body: { on, shape } })).id;
      const frame = { on: { canonicalOf: run }, shape: { kind: 'polygon' as const, points: square }, label: 'part' };
      made.ofFrame = (await client.annotations.create({ params: { project }, body: frame })).id;
    },
    'annotations.edit': ({ client, project }) =>
      client.annotations.edit({ params: { project, annotation: made.annotation }, body: { label: 'mine' } }),
    'annotations.propagate': async ({ client, project }) => {
      await client.annotations.propagate({ params: { project }, body: { run, annotations: [made.ofFrame] } });
      const found = await client.annotations.page({ params: { project }, query: { propagated: true } });
      made.propagated = found.annotations[0].id;
    },
    'annotations.confirm': ({ client, project }) =>
      client.annotations.confirm({ params: { project }, body: { annotations: [made.propagated] } }),
    'annotations.remove': ({ client, project }) =>
      client.annotations.remove({ params: { project, annotation: made.ofFrame } }),
    'landmarks.remove': ({ client, project }) => client.landmarks.remove({ params: { project, schema: made.schema } }),
    'groups.keep': ({ client, project }) =>
      client.groups.keep({ params: { project, group: `b${named[0]}` }, body: { image: named[1] } }),
    'groups.dissolve': ({ client, project }) => client.groups.dissolve({ params: { project, group: `b${named[2]}` } }),
    'runs.rename': ({ client, project }) =>
      client.runs.rename({ params: { project, run }, body: { name: 'The good one' } }),
    'images.remove': ({ client, project }) =>
      client.images.remove({ params: { project }, body: { selection: { images: [named[5]] } } }),
    'tags.remove': ({ client, project }) => client.tags.remove({ params: { project, tag: made.tag } }),
  };
}
