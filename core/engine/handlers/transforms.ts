import type { Selection } from '../../contract/selection.ts';
import { CongealError } from '../../contract/errors.ts';
import { correctionsOfImages, decideImages, resetCorrections, saveCorrection } from '../../store/corrections.ts';
import type { Editing } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import type { ImageFilter } from '../../store/image-filter.ts';
import { countImages } from '../../store/image-pages.ts';
import type { Run } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { makeEdit } from '../history/make-edit.ts';
import { selectImages } from '../images/door-filter.ts';
import { createTotals } from '../images/totals.ts';
import type { OpenProject } from '../open-projects.ts';
import { imageOf, runOf } from '../row-ids.ts';
import { rerun } from '../runs/rerun.ts';
import { correctedBy } from '../transforms/edit-transform.ts';
import { effectiveOfImage, oneTransform, pageTransforms, transformColumns } from '../transforms/page-transforms.ts';
import { effectiveTransformsOf } from '../transforms/effective.ts';

type InRun = { readonly params: { readonly project: string; readonly run: string } };

/** Transforms and scores of a run: look, correct, decide, rerun. */
export function transformsHandlers(engine: Engine): GroupHandlers<'transforms'> {
  const totals = createTotals();
  const find = ({ params }: InRun): { readonly open: OpenProject; readonly run: Run } => {
    const open = engine.projects.get(params.project);
    return { open, run: runOf(open.reader, params.run) };
  };
  const told = (open: OpenProject, run: Run, images: readonly ImageId[]) => {
    const few = images.length <= 1000 ? images.map(String) : null;
    engine.hub.publish({ event: 'transforms-changed', project: open.id, run: String(run.id), images: few });
  };
  const decide = (
    request: InRun & { readonly body: { readonly selection: Selection } },
    verb: string,
    change: (editing: Editing, run: Run, images: readonly ImageId[]) => number,
  ) => {
    const { open, run } = find(request);
    const chosen = selectImages(open.reader, request.body.selection);
    const images = effectiveTransformsOf(open.reader, run.id, chosen).map(({ image }) => image);
    const label = `${verb} ${images.length === 1 ? 'one result' : `${images.length} results`}`;
    const changed = makeEdit(engine, open, label, (editing) => change(editing, run, images));
    told(open, run, images);
    return { changed };
  };
  return {
    page: (request) => {
      const { open, run } = find(request);
      const count = (filter: ImageFilter) =>
        totals.of(open.id, engine.revisions.of(open.id), filter, () => countImages(open.reader, filter));
      return pageTransforms(open.reader, run, request.query, count);
    },
    columns: (request) => {
      const { open, run } = find(request);
      return transformColumns(open.reader, run, request.query);
    },
    one: (request) => {
      const { open, run } = find(request);
      return oneTransform(open.reader, run, imageOf(open.reader, request.params.image));
    },
    edit: (request) => {
      const { open, run } = find(request);
      const image = imageOf(open.reader, request.params.image);
      if (image.status !== 'ready') throw new CongealError('conflict', 'This image cannot be read; it has no size.');
      const now = effectiveOfImage(open.reader, run, image);
      const corrected = correctedBy(request.body, now, image);
      const before = correctionsOfImages(open.reader, run.id, [image.id]).at(0);
      const decision = before?.decision === 'rejected' ? null : (before?.decision ?? null);
      makeEdit(engine, open, `Correct ${image.name}`, (editing) => {
        saveCorrection(editing, run.id, { ...corrected, image: image.id, decision, changedAt: Date.now() });
      });
      told(open, run, [image.id]);
      return oneTransform(open.reader, run, image);
    },
    accept: (request) =>
      decide(request, 'Accept', (editing, run, images) => decideImages(editing, run.id, images, 'accepted')),
    reject: (request) =>
      decide(request, 'Reject', (editing, run, images) => decideImages(editing, run.id, images, 'rejected')),
    reset: (request) => decide(request, 'Reset', (editing, run, images) => resetCorrections(editing, run.id, images)),
    rerun: async (request, { signal }) => {
      const { open, run } = find(request);
      return { run: String(await rerun(engine, open, run, request.body.changes ?? {}, signal)) };
    },
  };
}
