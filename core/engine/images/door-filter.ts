import type { Filter, Selection } from '../../contract/selection.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId, RunId, TagId } from '../../store/ids.ts';
import type { ImageFilter } from '../../store/image-filter.ts';
import { listImageIds } from '../../store/image-pages.ts';
import { loadTag } from '../../store/tags.ts';
import { CongealError } from '../../contract/errors.ts';
import { noSuch, rowIdOf, runOf } from '../row-ids.ts';

/** What the name of a group means: its kind, and the id of its first image. */
function ofGroup(name: string): Pick<ImageFilter, 'group' | 'sameFile'> {
  if (!/^[dbf][1-9]\d{0,14}$/.test(name)) throw noSuch('group', name);
  const id = Number(name.slice(1)) as ImageId;
  if (name.startsWith('f')) return { sameFile: id };
  return { group: { kind: name.startsWith('d') ? 'duplicates' : 'burst', id } };
}

/**
 * What a filter of a door means to the store.
 *
 * **Throws** CongealError `not-found` for ids that name nothing, `malformed` where a part needs a run and none is given.
 */
export function toImageFilter(project: ProjectReader, filter: Filter): ImageFilter {
  const { text, status, tags, withoutTags, group, annotated } = filter;
  return {
    ...(text === undefined ? {} : { text }),
    ...(status === undefined
      ? {}
      : status.length === 1 && status[0] === 'ready'
        ? { status: 'ready' }
        : { states: status }),
    ...(tags === undefined ? {} : { allTags: tags.map(tagIdOf) }),
    ...(withoutTags === undefined ? {} : { noneOfTags: withoutTags.map(tagIdOf) }),
    ...(group === undefined ? {} : ofGroup(group)),
    ...(annotated === undefined ? {} : { annotated }),
    ...ofRun(project, filter),
  };
}

/** The images that are meant, each once. **Throws** as `toImageFilter`. */
export function selectImages(project: ProjectReader, selection: Selection): readonly ImageId[] {
  if ('images' in selection) return [...new Set(selection.images.map((id) => rowIdOf(id, 'image') as ImageId))];
  const except = new Set(selection.except.map((id) => rowIdOf(id, 'image')));
  const all = listImageIds(project, toImageFilter(project, selection.filter), { by: 'path' });
  return except.size === 0 ? all : all.filter((id) => !except.has(id));
}

/** The tag of an id. **Throws** CongealError `not-found`. */
export function tagOf(project: ProjectReader, id: string) {
  const tag = loadTag(project, tagIdOf(id));
  if (tag === undefined) throw noSuch('tag', id);
  return tag;
}

function tagIdOf(id: string): TagId {
  return rowIdOf(id, 'tag') as TagId;
}

function ofRun(project: ProjectReader, filter: Filter): Partial<ImageFilter> {
  const { decision, result, score, scoreFrom, scoreTo } = filter;
  if (decision === undefined && result === undefined && score === undefined) return {};
  if (filter.run === undefined)
    throw new CongealError(
      'malformed',
      'A filter by decision, result or score needs the run that it is about: give `run`.',
    );
  const run: RunId = runOf(project, filter.run).id;
  const bounds = {
    ...(scoreFrom === undefined ? {} : { min: scoreFrom }),
    ...(scoreTo === undefined ? {} : { max: scoreTo }),
  };
  const [only] = decision ?? [];
  const plain = decision?.length === 1 && (only === 'accepted' || only === 'rejected');
  return {
    ...(decision === undefined ? {} : plain ? { decision: { run, is: only } } : { decisions: { run, are: decision } }),
    ...(result === undefined
      ? {}
      : result.length === 1
        ? { outcome: { run, is: result[0] } }
        : { outcomes: { run, are: result } }),
    ...(score === undefined ? {} : { score: { run, name: score, ...bounds } }),
  };
}
