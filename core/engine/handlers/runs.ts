import { CongealError } from '../../contract/errors.ts';
import type { RunId } from '../../store/ids.ts';
import { loadFrame } from '../../store/run-frames.ts';
import { makeEdit } from '../history/make-edit.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { noSuch, rowIdOf, runOf } from '../row-ids.ts';
import { cancelRun, deleteRun, pauseRun, resumeRun } from '../runs/control-run.ts';
import { learnClasses } from '../runs/learn-classes.ts';
import { livePoses } from '../runs/live-poses.ts';
import { keyOfRun } from '../runs/live-runs.ts';
import { pageFailures } from '../runs/run-failures.ts';
import { filmOf, loadDeviation, loadPicture } from '../runs/run-pictures.ts';
import { lossSeries, pageRuns } from '../runs/run-queries.ts';
import { reportOfRun } from '../runs/run-report-page.ts';
import { startAlign, startApply, startFind, startLearn } from '../runs/start-run.ts';
import { publishRun } from '../runs/submit-run.ts';
import { nameKey, viewRun } from '../runs/view-run.ts';
import { saveSetting } from '../../store/settings.ts';
import type { Run } from '../../store/runs.ts';
import type { OpenProject } from '../open-projects.ts';

type InRun = { readonly params: { readonly project: string; readonly run: string } };

/** Runs: start, pause, resume, cancel, look at. */
export function runsHandlers(engine: Engine): GroupHandlers<'runs'> {
  const find = ({ params }: InRun): { readonly open: OpenProject; readonly run: Run } => {
    const open = engine.projects.get(params.project);
    return { open, run: runOf(open.reader, params.run) };
  };
  const started = (run: RunId) => ({ run: String(run) });
  const view = (open: OpenProject, run: Run) => viewRun(engine, open, run);
  const png = (bytes: Uint8Array | undefined, what: string, id: string) => {
    if (bytes === undefined) throw noSuch(what, id);
    return { bytes, mediaType: 'image/png' };
  };
  return {
    find: async ({ params, body }, { signal }) =>
      started(await startFind(engine, engine.projects.get(params.project), body, signal)),
    align: async ({ params, body }, { signal }) =>
      started(await startAlign(engine, engine.projects.get(params.project), body, signal)),
    learn: async ({ params, body }, { signal }) =>
      started(await startLearn(engine, engine.projects.get(params.project), body, signal)),
    classes: ({ params, body }) => learnClasses(engine.projects.get(params.project).reader, body),
    apply: async ({ params, body }, { signal }) =>
      started(await startApply(engine, engine.projects.get(params.project), body, signal)),
    page: ({ params, query }) => {
      const open = engine.projects.get(params.project);
      const { runs, next } = pageRuns(open.reader, query);
      return { runs: runs.map((run) => view(open, run)), next };
    },
    one: (request) => {
      const { open, run } = find(request);
      return view(open, run);
    },
    rename: (request) => {
      const { open, run } = find(request);
      makeEdit(engine, open, `Rename a run to ${request.body.name}`, (editing) =>
        saveSetting(editing, nameKey(run.id), request.body.name),
      );
      publishRun(engine, open, run.id);
      return view(open, run);
    },
    pause: (request) => {
      const { open, run } = find(request);
      return view(open, pauseRun(engine, open, run));
    },
    resume: async (request) => {
      const { open, run } = find(request);
      return view(open, await resumeRun(engine, open, run));
    },
    cancel: async (request) => {
      const { open, run } = find(request);
      return view(open, await cancelRun(engine, open, run));
    },
    remove: async (request) => {
      const { open, run } = find(request);
      await deleteRun(engine, open, run);
      return {};
    },
    losses: (request) => {
      const { open, run } = find(request);
      return { series: lossSeries(open.reader, run.id, request.query.points) };
    },
    frames: (request) => {
      const { open, run } = find(request);
      const frames = filmOf(open.reader, run.id);
      return {
        frames: frames.map(({ sequence, stage, madeAt }) => ({
          id: String(sequence),
          phase: stage,
          step: sequence,
          at: madeAt,
        })),
      };
    },
    frame: (request) => {
      const { open, run } = find(request);
      const { frame } = request.params;
      const load = request.query.of === 'std' ? loadDeviation : loadFrame;
      return { ...png(load(open.reader, run.id, rowIdOf(frame, 'frame')), 'frame', frame), immutable: true };
    },
    poses: (request) => {
      const { open, run } = find(request);
      return livePoses(open.reader, engine.runs.byKey.get(keyOfRun(open.id, run.id))?.film ?? null);
    },
    picture: (request) => {
      const { open, run } = find(request);
      const { picture } = request.params;
      return png(loadPicture(open.reader, run.id, picture), 'picture', picture);
    },
    report: async (request, { signal }) => {
      const { open, run } = find(request);
      if (run.status !== 'done') throw new CongealError('conflict', 'This run is not done; it has no report yet.');
      const page = await reportOfRun(engine, open, run, signal);
      return { bytes: new TextEncoder().encode(page), mediaType: 'text/html', fileName: 'report.html' };
    },
    failures: (request) => {
      const { open, run } = find(request);
      return pageFailures(engine, open, run, request.query);
    },
  };
}
