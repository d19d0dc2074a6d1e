import { saveSetting } from '../../store/settings.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { makeEdit } from '../history/make-edit.ts';
import type { DoorGroup, GroupPlace } from '../images/groups.ts';
import { findGroups, groupKey, isAfter, listGroups } from '../images/groups.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import { fromCursor, toCursor } from '../page-cursor.ts';
import { noSuch } from '../row-ids.ts';

/** Groups of images that show the same: duplicates, near-duplicates and bursts. */
export function groupsHandlers(engine: Engine): GroupHandlers<'groups'> {
  const { projects, hub, workers } = engine;
  const changed = ({ id }: OpenProject) => void hub.publish({ event: 'groups-changed', project: id });
  const find = ({ reader }: OpenProject, id: string): DoorGroup => {
    const group = listGroups(reader).find((one) => one.id === id);
    if (group === undefined) throw noSuch('group', id);
    return group;
  };
  return {
    page: ({ params, query: { kind, limit, cursor } }) => {
      const { reader } = projects.get(params.project);
      const groups = listGroups(reader).filter((group) => kind === undefined || group.kind === kind);
      const listed = { list: 'groups', kind };
      const after =
        cursor === undefined ? null : (fromCursor(cursor, listed, ['number', 'number', 'number']) as GroupPlace);
      const rest = after === null ? groups : groups.filter((group) => isAfter(group.place, after));
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      const more = page.length < rest.length && last !== undefined;
      return { groups: page.map(view), next: more ? toCursor(listed, last.place) : null, total: groups.length };
    },
    find: async ({ params, body }, { signal }) => {
      const open = projects.get(params.project);
      const found = await findGroups(writable(open), workers, body, signal);
      changed(open);
      return { found };
    },
    keep: ({ params, body }) => {
      const open = projects.get(params.project);
      const group = find(open, params.group);
      if (body.image !== null && !group.images.includes(body.image)) throw noSuch('image of the group', body.image);
      makeEdit(engine, open, 'Choose the image of a group to keep', (editing) => {
        saveSetting(editing, groupKey(group.id), body.image === null ? undefined : { kept: Number(body.image) });
      });
      changed(open);
      return view(find(open, params.group));
    },
    dissolve: ({ params }) => {
      const open = projects.get(params.project);
      const group = find(open, params.group);
      makeEdit(engine, open, 'Dissolve a group', (editing) => {
        saveSetting(editing, groupKey(group.id), { dissolved: true });
      });
      changed(open);
      return {};
    },
  };
}

function view({ id, kind, images, kept }: DoorGroup) {
  return { id, kind, images: [...images], kept };
}
