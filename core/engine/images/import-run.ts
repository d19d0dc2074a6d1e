import { CongealError } from '../../contract/errors.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId, RunId } from '../../store/ids.ts';
import { findImage } from '../../store/images.ts';
import { fromStoredPath, toStoredPath } from '../../store/project-paths.ts';
import type { Run } from '../../store/runs.ts';
import { endRun, findRun, listRuns, queueRun, restartRun } from '../../store/runs.ts';
import { removeStrikes } from '../../store/strikes.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import { programVersions } from '../program.ts';
import type { RunWork } from '../runs/submit-run.ts';
import { submitRun } from '../runs/submit-run.ts';
import { publishProject } from '../projects/open-close.ts';
import type { RunSummary } from '../runs/run-summary.ts';
import { nameWithin } from './import-files.ts';
import type { ImportPlan } from './import-images.ts';
import { takeAll } from '../use-case.ts';
import { importImages } from './import-images.ts';

/** What an import is to do, as its run remembers it: paths are stored as the project stores them. */
interface StoredPlan {
  /** An import takes no images of the collection; runs of other kinds name theirs here. */
  readonly images: readonly [];
  readonly folders: readonly string[];
  readonly mode: ImportPlan['mode'];
  readonly bringBack: boolean;
  /** Images whose files are read again. */
  readonly retry?: readonly ImageId[];
  /** A collection that is drawn into the first folder before that is imported. */
  readonly sample?: SamplesAsked;
}

interface SamplesAsked {
  readonly collection: 'beetles' | 'glyphs';
  readonly count: number;
}

/** What is asked of an import; `folders` are absolute paths. */
export interface ImportAsked {
  readonly folders: readonly string[];
  readonly mode?: ImportPlan['mode'];
  readonly bringBack?: boolean;
  readonly retry?: readonly ImageId[];
  readonly sample?: SamplesAsked;
  readonly allowDamaged: boolean;
}

/** Starts an import as a run of the project. Gives the run. **Throws** `project-read-only`, and as `writing`. */
export function startImport(engine: Engine, open: OpenProject, asked: ImportAsked): RunId {
  const project = writable(open);
  const { mode = 'look', bringBack = false, retry, sample, allowDamaged } = asked;
  const folders = asked.folders.map((folder) => toStoredPath(project.path, folder));
  const plan: StoredPlan = { images: [], folders, mode, bringBack, ...(retry && { retry }), ...(sample && { sample }) };
  /* Whoever asks for an image again wants it opened, also where workers died over it. */
  for (const id of retry ?? []) {
    const image = findImage(project, id);
    if (image !== undefined) removeStrikes(project, image.path);
  }
  const run = queueRun(project, {
    kind: 'import',
    options: { allowDamaged, plan },
    seed: 1,
    stage: 'begin',
    versions: programVersions(),
    startedAt: Date.now(),
  });
  const row = findRun(project, run);
  if (row !== undefined) submitRun(engine, open, run, importWork(engine, open, row));
  return run;
}

/** The folders from which a project's images came, absolute, in the order in which they were first imported. */
export function importedFolders(project: ProjectReader): readonly string[] {
  const known = foldersOf.get(project);
  const runs = listRuns(project).filter(({ kind, id }) => kind === 'import' && id > (known?.upTo ?? 0));
  if (known !== undefined && runs.length === 0) return known.folders;
  const folders = new Set(known?.folders);
  for (const { options } of runs) {
    const plan = options['plan'] as StoredPlan | undefined;
    if (plan?.mode === 'look') for (const folder of plan.folders) folders.add(fromStoredPath(project.path, folder));
  }
  const found = { folders: [...folders], upTo: runs.at(-1)?.id ?? known?.upTo ?? 0 };
  foldersOf.set(project, found);
  return found.folders;
}

const foldersOf = new WeakMap<ProjectReader, { readonly folders: readonly string[]; readonly upTo: number }>();

/** How an import is performed or gone on with, from its row alone: files that are known by now are not read again. */
export function importWork(engine: Engine, open: OpenProject, { id: run, options }: Run): RunWork {
  const project = writable(open);
  const plan = options['plan'] as StoredPlan;
  const allowDamaged = options['allowDamaged'] === true;
  const { cache, revisions, settings, workers } = engine;
  return {
    lane: 'import',
    imageOf: () => null,
    perform: async ({ signal, pause, tell }) => {
      const { atMostMegapixels, atMostFileBytes } = settings.read();
      const limits = { pixels: atMostMegapixels * 1e6, bytes: atMostFileBytes };
      const keep = cache.keepThumbnails;
      if (plan.sample !== undefined) {
        const folder = fromStoredPath(project.path, plan.folders[0]);
        const options = { signal, pause, priority: 'import', seed: 1 } as const;
        for await (const message of workers.run('samples', { ...plan.sample, folder }, options))
          if (message.event === 'progress') tell(message);
      }
      const imports = importImages(project, resolvePlan(project, plan, allowDamaged), {
        ...{ workers, signal, pause, limits, keep },
      });
      const changes = gatherChanges((images) => revisions.changed(open.id, images));
      const failures: { file: string; code: string; reason: string }[] = [];
      try {
        const figures = await takeAll(imports, (event) => {
          if (event.event === 'images') changes.add(event.ids);
          else if (event.event === 'interrupted') {
            endRun(project, run, { status: 'interrupted', finishedAt: Date.now() });
            tell({ event: 'status', status: 'interrupted', reason: event.reason });
          } else if (event.event === 'resumed') {
            restartRun(project, run);
            tell({ event: 'status', status: 'running' });
          } else {
            if (event.event === 'failure') failures.push({ file: event.file, code: event.code, reason: event.reason });
            tell(event);
          }
        });
        const summary: RunSummary = { images: figures.found - figures.failed, figures: { ...figures }, failures };
        endRun(project, run, { status: 'done', finishedAt: Date.now(), result: { ...summary } });
      } finally {
        changes.flush();
      }
    },
    done: () => publishProject(engine, open),
  };
}

function resolvePlan(project: ProjectReader, plan: StoredPlan, allowDamaged: boolean): ImportPlan {
  const folders = plan.folders.map((folder) => fromStoredPath(project.path, folder));
  const { mode, bringBack, retry } = plan;
  if (retry === undefined) return { folders, mode, bringBack, allowDamaged };
  const known = importedFolders(project);
  const only = retry.flatMap((id) => {
    const image = findImage(project, id);
    return image === undefined ? [] : [{ path: image.path, name: nameWithin(image.path, known) }];
  });
  return { folders: [], mode, only, bringBack, allowDamaged };
}

/** Changes are told together, at most so often, in milliseconds. */
const toldEvery = 250;

function gatherChanges(tell: (images: readonly number[]) => void) {
  let waiting: number[] = [];
  let toldAt = -Infinity;
  const flush = () => {
    if (waiting.length === 0) return;
    toldAt = performance.now();
    const images = waiting;
    waiting = [];
    tell(images);
  };
  return {
    flush,
    add: (ids: readonly number[]) => {
      for (const id of ids) waiting.push(id);
      if (performance.now() - toldAt >= toldEvery) flush();
    },
  };
}

/** The folders to look through again. **Throws** CongealError `input-empty` when nothing was ever imported. */
export function knownFolders(project: ProjectReader): readonly string[] {
  const folders = importedFolders(project);
  if (folders.length > 0) return folders;
  throw new CongealError('input-empty', 'No folder has been imported into this project yet; choose one.');
}
