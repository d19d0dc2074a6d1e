import { availableParallelism } from 'node:os';
import type { Glance } from '../../compute/glances.ts';
import type { PauseSwitch } from '../../compute/supervisor/pause.ts';
import type { Workers } from '../../compute/supervisor/workers.ts';
import type { FailureMessage, ProgressMessage } from '../../contract/events.ts';
import type { Project } from '../../store/database.ts';
import { recordEdit } from '../../store/edits.ts';
import type { ImageId } from '../../store/ids.ts';
import { restoreImages } from '../../store/image-membership.ts';
import { saveImages, type NewImage } from '../../store/images.ts';
import type { KnownFile } from '../../store/known-files.ts';
import { isWithin } from '../folders/folder-tree.ts';
import { quarantineOf } from '../quarantine.ts';
import type { FileState, FoundFile, LostFile } from './import-files.ts';
import { findFiles, readKnownFiles, statesOf } from './import-files.ts';
import { importedSides } from './thumbnail-cache.ts';

/** What is to be imported. */
export interface ImportPlan {
  /** Absolute paths of folders whose images are wanted. */
  readonly folders: readonly string[];
  /** `look`: what is new or has changed; `relink`: only files of images that are missing. */
  readonly mode: 'look' | 'relink';
  /** Files that are read whatever is known of them, and no others. */
  readonly only?: readonly FoundFile[];
  /** Images that a person had taken out come back when their files are found. */
  readonly bringBack: boolean;
  readonly allowDamaged: boolean;
}

/** What an import is given. */
export interface ImportSurroundings {
  readonly workers: Workers;
  readonly signal: AbortSignal;
  readonly pause?: PauseSwitch;
  readonly limits: { readonly pixels: number; readonly bytes: number };
  /** Is given what was seen of files as soon as the project knows them. */
  readonly keep: (glances: readonly Glance[]) => void;
}

/** Images whose rows have just been written. */
export interface ImagesMessage {
  readonly event: 'images';
  readonly ids: readonly ImageId[];
}

/** A worker has died, or another goes on. */
type WorkerMessage = { readonly event: 'interrupted'; readonly reason: string } | { readonly event: 'resumed' };

/** What is told of an import while it goes on. */
export type ImportEvent = ProgressMessage | FailureMessage | ImagesMessage | WorkerMessage;

/** What an import has found, as numbers of files. */
export interface ImportFigures {
  readonly found: number;
  readonly added: number;
  readonly changed: number;
  readonly moved: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly missing: number;
}

/** Files of one job of a worker: what is lost when workers die over it is read again. */
const filesPerJob = 512;
const phase = 'import';

/**
 * Brings files into the collection. Files whose size and time are known are not read again; every other one is read
 * once, by a worker. What is told of as done is on the disk, so an import that was cut off goes on where it was.
 *
 * **Throws** as `findFiles`, `Workers.run` and `writing`, and the signal's reason.
 */
export async function* importImages(
  project: Project,
  plan: ImportPlan,
  surroundings: ImportSurroundings,
): AsyncGenerator<ImportEvent, ImportFigures> {
  const { signal } = surroundings;
  const known = await readKnownFiles(project, signal);
  const knownIds = new Set<number>([...known.values()].map(({ id }) => id));
  const { files, failures } =
    plan.only === undefined ? await findFiles(plan.folders, signal) : { files: plan.only, failures: [] };
  const present = presentPaths(plan, [...files, ...failures], known);
  const total = files.length + failures.length;
  const figures = { found: total, added: 0, changed: 0, moved: 0, unchanged: 0, failed: 0, missing: 0 };
  yield { event: 'progress', phase, done: 0, total };
  const { wanted, unchanged } = await sortOut(files, known, plan, signal);
  figures.unchanged = unchanged.length;
  let done = unchanged.length;
  yield* bringBack(project, plan, [...files, ...failures], known);
  const save = (rows: readonly NewImage[]): readonly ImageId[] => {
    const ids = saveImages(project, rows, { present });
    ids.forEach((id, i) => {
      if (rows[i].status === 'failed') figures.failed += 1;
      else if (!knownIds.has(id)) figures.added += 1;
      else if (known.get(rows[i].path)?.id === id) figures.changed += 1;
      else figures.moved += 1;
    });
    return ids;
  };
  const lost = plan.mode === 'relink' ? [] : failures.filter((file) => known.get(file.path)?.failureCode !== file.code);
  if (lost.length > 0) yield { event: 'images', ids: save(lost.map(toLostImage)) };
  for (const { name, code, reason } of failures) yield { event: 'failure', file: name, code, reason };
  done += failures.length;
  yield { event: 'progress', phase, done, total };
  const missing = new Set([...known.values()].flatMap((file) => (isMissing(file) && file.sha256 ? [file.sha256] : [])));
  for (let at = 0; at < wanted.length; at += filesPerJob) {
    const states = wanted.slice(at, at + filesPerJob);
    const byPath = new Map(states.map((state) => [state.path, state]));
    for await (const message of lookAtAll(project, states, plan, surroundings)) {
      if (!Array.isArray(message)) {
        yield message as ImportEvent;
        continue;
      }
      const glances = message as readonly Glance[];
      const taken = plan.mode === 'look' ? glances : glances.filter((one) => one.ok && missing.delete(one.info.sha256));
      const rows = taken.flatMap((glance) => toImage(glance, byPath.get(glance.id)));
      const ids = rows.length === 0 ? [] : save(rows);
      surroundings.keep(taken);
      if (ids.length > 0) yield { event: 'images', ids };
      for (const glance of taken) {
        if (glance.ok) continue;
        const file = byPath.get(glance.id)?.name ?? glance.id;
        yield { event: 'failure', file, code: glance.code, reason: glance.reason };
      }
      done += glances.length;
      yield { event: 'progress', phase, done: Math.min(done, total), total };
    }
  }
  if (plan.mode === 'look' && plan.only === undefined) {
    const gone = await findGone(project, plan.folders, present, signal);
    figures.missing = gone.length;
    if (gone.length > 0) yield { event: 'images', ids: saveImages(project, gone.map(toMissingImage), { present }) };
  }
  yield { event: 'progress', phase, done: total, total };
  return figures;
}

/** Files that are where they were, as far as this is known: those found, and those that nobody looks for here. */
function presentPaths(
  plan: ImportPlan,
  files: readonly FoundFile[],
  known: ReadonlyMap<string, KnownFile>,
): ReadonlySet<string> {
  const present = new Set(files.map(({ path }) => path));
  const looksAt = (path: string) =>
    plan.mode === 'look' && plan.only === undefined && plan.folders.some((folder) => isWithin(path, folder));
  for (const file of known.values()) if (!isMissing(file) && !looksAt(file.path)) present.add(file.path);
  return present;
}

/** Which files must be read, with their sizes and times, and which need not. */
async function sortOut(
  files: readonly FoundFile[],
  known: ReadonlyMap<string, KnownFile>,
  plan: ImportPlan,
  signal: AbortSignal,
): Promise<{ readonly wanted: readonly FileState[]; readonly unchanged: readonly FileState[] }> {
  const wanted: FileState[] = [];
  const unchanged: FileState[] = [];
  const lostSizes = new Set([...known.values()].filter(isMissing).map(({ bytes }) => bytes));
  for await (const states of statesOf(files, signal))
    for (const state of states) {
      const before = known.get(state.path);
      const same =
        before !== undefined &&
        before.bytes === state.bytes &&
        before.modifiedAt === state.modifiedAt &&
        !isMissing(before);
      const isWanted = plan.only !== undefined || (plan.mode === 'look' ? !same : !same && lostSizes.has(state.bytes));
      (isWanted ? wanted : unchanged).push(state);
    }
  return { wanted, unchanged };
}

/** Has files looked at and passes on what was seen, several files at a time. */
async function* lookAtAll(
  project: Project,
  states: readonly FileState[],
  plan: ImportPlan,
  { workers, signal, pause, limits }: ImportSurroundings,
): AsyncGenerator<readonly Glance[] | WorkerMessage> {
  const request = {
    files: states.map(({ path }) => ({ id: path, path })),
    sides: importedSides,
    allowDamaged: plan.allowDamaged,
    limits,
  };
  const told = new Set<string>();
  const quarantine = quarantineOf(project, request.files);
  const threads = availableParallelism();
  const options = { signal, priority: 'import', threads, quarantine, ...(pause && { pause }) } as const;
  for await (const message of workers.run('import', request, options)) {
    if (message.event === 'glances') {
      /* After a death a worker may look again at what is known already. */
      const fresh = message.glances.filter(({ id }) => !told.has(id));
      for (const { id } of fresh) told.add(id);
      if (fresh.length > 0) yield fresh;
    } else if (message.event === 'interrupted') yield { event: 'interrupted', reason: message.reason };
    else if (message.event === 'resumed') yield { event: 'resumed' };
  }
}

function* bringBack(
  project: Project,
  plan: ImportPlan,
  files: readonly FoundFile[],
  known: ReadonlyMap<string, KnownFile>,
): Generator<ImagesMessage> {
  if (!plan.bringBack) return;
  const ids = files.flatMap(({ path }) => {
    const before = known.get(path);
    return before?.removed === true ? [before.id] : [];
  });
  if (ids.length === 0) return;
  recordEdit(project, 'Bring back images', (editing) => restoreImages(editing, ids));
  yield { event: 'images', ids };
}

async function findGone(
  project: Project,
  folders: readonly string[],
  present: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly KnownFile[]> {
  const now = await readKnownFiles(project, signal);
  return [...now.values()].filter(
    (file) =>
      !file.removed &&
      !isMissing(file) &&
      !present.has(file.path) &&
      folders.some((folder) => isWithin(file.path, folder)),
  );
}

function isMissing({ failureCode }: KnownFile): boolean {
  return failureCode === 'missing';
}

function toImage(glance: Glance, state: FileState | undefined): readonly NewImage[] {
  if (state === undefined) return [];
  const { path, modifiedAt } = state;
  if (!glance.ok) {
    const { code: failureCode, reason: failureReason } = glance;
    return [{ path, bytes: state.bytes, modifiedAt, sha256: null, status: 'failed', failureCode, failureReason }];
  }
  const { info, perceptualHash } = glance;
  /* A file that has changed between the two looks is read again next time. */
  const settled = info.bytes === state.bytes ? modifiedAt : null;
  return [{ ...info, path, modifiedAt: settled, status: 'ready', takenAt: info.takenAt ?? null, perceptualHash }];
}

function toLostImage({ path, code, reason }: LostFile): NewImage {
  return { path, bytes: 0, modifiedAt: null, sha256: null, status: 'failed', failureCode: code, failureReason: reason };
}

function toMissingImage({ path, bytes, modifiedAt, sha256 }: KnownFile): NewImage {
  const failureReason = 'The file is not where it was. Put it back and look again, or relink it from another folder.';
  return { path, bytes, modifiedAt, sha256, status: 'failed', failureCode: 'missing', failureReason };
}
