import { CongealError } from '../../contract/errors.ts';
import type { Filter } from '../../contract/selection.ts';
import type { RunId } from '../../store/ids.ts';
import { countByDecision, countByState, listScoreRanges } from '../../store/image-counts.ts';
import { removeImages } from '../../store/image-membership.ts';
import type { ImageFilter } from '../../store/image-filter.ts';
import { countImages, pageImages } from '../../store/image-pages.ts';
import { seekImages } from '../../store/image-seek.ts';
import type { ImageCursor, ImageSort } from '../../store/image-sort.ts';
import type { ProjectReader } from '../../store/database.ts';
import { listTags } from '../../store/tags.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { makeEdit } from '../history/make-edit.ts';
import { selectImages, toImageFilter } from '../images/door-filter.ts';
import { knownFolders, startImport } from '../images/import-run.ts';
import { createTotals } from '../images/totals.ts';
import { viewImage, viewImages } from '../images/view-images.ts';
import { fromCursor, toCursor, type Listed } from '../page-cursor.ts';
import { publishProject } from '../projects/open-close.ts';
import { imageOf, runOf } from '../row-ids.ts';

/** What a list is sorted by, in the words of the doors. */
interface Sorting {
  readonly sort: 'name' | 'added' | 'bytes' | 'pixels' | 'status' | 'score';
  readonly by?: string | undefined;
  readonly direction: 'ascending' | 'descending';
  readonly run?: string | undefined;
}

/** Images of a collection: import, page, one, remove, relink. */
export function imagesHandlers(engine: Engine): GroupHandlers<'images'> {
  const { projects, revisions, grants } = engine;
  const totals = createTotals();
  return {
    page: ({ params, query }) => {
      const { reader, id } = projects.get(params.project);
      const [filter, sort] = [toImageFilter(reader, query), sortOf(reader, query)];
      const listed = listedAs(filter, sort);
      const after = query.cursor === undefined ? null : placeOf(query.cursor, listed);
      const page = pageImages(reader, { filter, sort, after, limit: query.limit });
      const revision = revisions.of(id);
      return {
        images: viewImages(reader, page.images, chosenRun(reader, query.run)),
        next: page.next === null ? null : toCursor(listed, [page.next.value, page.next.id]),
        total: totals.of(id, revision, filter, () => countImages(reader, filter)),
        revision,
      };
    },
    seek: ({ params, query }) => {
      const { reader } = projects.get(params.project);
      const [filter, sort] = [toImageFilter(reader, query satisfies Filter), sortOf(reader, query)];
      const place = seekImages(reader, { filter, sort }, query.position);
      return { cursor: place === null ? null : toCursor(listedAs(filter, sort), [place.value, place.id]) };
    },
    facets: ({ params, query }) => {
      const { reader } = projects.get(params.project);
      const run = chosenRun(reader, query.run);
      const status = countByState(reader);
      const all = status.ready + status.failed + status.missing + status.quarantined;
      const decided = run === null ? { accepted: 0, rejected: 0, edited: 0 } : countByDecision(reader, run);
      const none = Math.max(0, all - decided.accepted - decided.rejected - decided.edited);
      return {
        status,
        decision: { none, ...decided },
        tags: listTags(reader).map(({ id, images }) => ({ tag: String(id), images })),
        scores: run === null ? [] : [...listScoreRanges(reader, run)],
      };
    },
    one: ({ params, query }) => {
      const { reader } = projects.get(params.project);
      return viewImage(reader, imageOf(reader, params.image), chosenRun(reader, query.run));
    },
    import: ({ params, body: { folder, allowDamaged } }) => {
      const open = projects.get(params.project);
      const asked = folder === null ? knownFolders(open.reader) : [grants.pathOf(folder, 'images')];
      return { run: String(startImport(engine, open, { folders: asked, bringBack: folder !== null, allowDamaged })) };
    },
    retry: ({ params, body: { selection, allowDamaged } }) => {
      const open = projects.get(params.project);
      const retry = selectImages(open.reader, selection);
      return { run: String(startImport(engine, open, { folders: [], retry, allowDamaged })) };
    },
    relink: ({ params, body }) => {
      const open = projects.get(params.project);
      const folders = [grants.pathOf(body.folder, 'images')];
      return { run: String(startImport(engine, open, { folders, mode: 'relink', allowDamaged: false })) };
    },
    remove: ({ params, body }) => {
      const open = projects.get(params.project);
      const images = selectImages(open.reader, body.selection);
      const label = `Take ${images.length === 1 ? 'an image' : `${images.length} images`} out`;
      const removed = makeEdit(engine, open, label, (editing) => removeImages(editing, images));
      if (removed > 0) {
        revisions.changed(open.id, images);
        publishProject(engine, open);
      }
      return { removed };
    },
  };
}

function chosenRun(reader: ProjectReader, run: string | undefined): RunId | null {
  return run === undefined ? null : runOf(reader, run).id;
}

function sortOf(reader: ProjectReader, { sort, by, direction, run }: Sorting): ImageSort {
  const descending = direction === 'descending';
  if (sort !== 'score') return { by: sort, descending };
  if (by === undefined || run === undefined)
    throw new CongealError('malformed', 'Sorting by a score needs its name (`by`) and the run that gave it (`run`).');
  return { by: { run: runOf(reader, run).id, score: by }, descending };
}

function listedAs(filter: ImageFilter, sort: ImageSort): Listed {
  return { list: 'images', filter, sort };
}

function placeOf(cursor: string, listed: Listed): ImageCursor {
  const [value, id] = fromCursor(cursor, listed, ['any', 'number']);
  return { value, id: Number(id) };
}
