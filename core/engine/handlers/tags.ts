import { CongealError } from '../../contract/errors.ts';
import type { CountedTag } from '../../store/tags.ts';
import { addTag, changeTag, findTag, listTags, removeTag, tagImages, untagImages } from '../../store/tags.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { makeEdit } from '../history/make-edit.ts';
import { selectImages, tagOf } from '../images/door-filter.ts';
import type { OpenProject } from '../open-projects.ts';

type Colour = 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'violet';

/** Tags of a project and the images that bear them. */
export function tagsHandlers(engine: Engine): GroupHandlers<'tags'> {
  const { projects, hub, revisions } = engine;
  const changed = ({ id }: OpenProject) => void hub.publish({ event: 'tags-changed', project: id });
  const refuseTaken = ({ reader }: OpenProject, name: string, own?: number) => {
    const taken = findTag(reader, name);
    if (taken !== undefined && taken.id !== own)
      throw new CongealError('conflict', `There is a tag called ${name} already; choose another name.`);
  };
  return {
    list: ({ params }) => {
      const { reader } = projects.get(params.project);
      return { tags: listTagsOf(reader) };
    },
    create: ({ params, body: { name, colour } }) => {
      const open = projects.get(params.project);
      refuseTaken(open, name);
      const id = makeEdit(engine, open, `Make the tag ${name}`, (editing) => addTag(editing, name, colour));
      changed(open);
      return view(tagOf(open.reader, String(id)));
    },
    edit: ({ params, body }) => {
      const open = projects.get(params.project);
      const tag = tagOf(open.reader, params.tag);
      const { name = tag.name, colour = tag.colour } = body;
      refuseTaken(open, name, tag.id);
      makeEdit(engine, open, `Change the tag ${tag.name}`, (editing) => {
        changeTag(editing, { id: tag.id, name, colour });
      });
      changed(open);
      return view(tagOf(open.reader, params.tag));
    },
    remove: ({ params }) => {
      const open = projects.get(params.project);
      const tag = tagOf(open.reader, params.tag);
      makeEdit(engine, open, `Remove the tag ${tag.name}`, (editing) => {
        removeTag(editing, tag.id);
      });
      changed(open);
      return {};
    },
    assign: ({ params, body }) => {
      const open = projects.get(params.project);
      const tag = tagOf(open.reader, params.tag);
      const images = selectImages(open.reader, body.selection);
      const count = makeEdit(engine, open, `Tag images ${tag.name}`, (editing) => tagImages(editing, tag.id, images));
      changed(open);
      if (count > 0) revisions.changed(open.id, images);
      return { changed: count };
    },
    unassign: ({ params, body }) => {
      const open = projects.get(params.project);
      const tag = tagOf(open.reader, params.tag);
      const images = selectImages(open.reader, body.selection);
      const label = `Take the tag ${tag.name} off images`;
      const count = makeEdit(engine, open, label, (editing) => untagImages(editing, tag.id, images));
      changed(open);
      if (count > 0) revisions.changed(open.id, images);
      return { changed: count };
    },
  };
}

function listTagsOf(reader: OpenProject['reader']) {
  return listTags(reader).map(view);
}

function view({ id, name, colour, images }: CountedTag) {
  return { id: String(id), name, colour: (colour ?? 'grey') as Colour, images };
}
