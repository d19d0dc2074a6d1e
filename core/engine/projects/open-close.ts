import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import { nameBackups } from '../../store/backup.ts';
import { recordEdit } from '../../store/edits.ts';
import { countByState } from '../../store/image-counts.ts';
import { restoreBackup } from '../../store/rescue.ts';
import { saveSetting } from '../../store/settings.ts';
import { explainWriteError } from '../../store/write-errors.ts';
import { interruptAbandonedRuns } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import { interruptRuns } from '../runs/live-runs.ts';
import { safeRelativePath } from '../uploads/file-names.ts';
import { nameKey, projectName, viewProject } from './view-project.ts';

/** How a project is opened. */
export interface OpeningAsked {
  readonly ifLocked: 'read-only' | 'refuse';
  readonly ifDamaged: 'refuse' | 'restore-backup';
}

const extension = '.congeal';

/** Where projects are kept that were given no place. */
export function projectsFolder({ roots, stateFolder }: Pick<Engine, 'roots' | 'stateFolder'>): string {
  return join(roots.length > 0 ? roots[0] : stateFolder, 'Congeal');
}

/**
 * Makes a project file of a name that nothing had in a folder, opens it and begins with it. Where that fails, the file is
 * gone again. **Throws** as `openProject`, and what `begin` throws.
 */
export function createProject<Begun>(
  engine: Engine,
  { name, folder }: { readonly name: string; readonly folder: string },
  begin: (open: OpenProject) => Begun,
): { readonly open: OpenProject; readonly begun: Begun } {
  const stem = safeRelativePath(name.replaceAll(/[/\\]/g, '_')).at(-1) ?? 'Project';
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw explainWriteError(cause, folder);
  }
  for (let n = 1; ; n++) {
    const path = join(folder, `${n === 1 ? stem : `${stem} ${n}`}${extension}`);
    if (existsSync(path)) continue;
    const open = engine.projects.open(path, { create: true, ifLocked: 'refuse' });
    try {
      if (projectName(open) !== name)
        recordEdit(writable(open), 'Name the project', (editing) => saveSetting(editing, nameKey, name));
      const begun = begin(open);
      tellOpened(engine, open);
      return { open, begun };
    } catch (error) {
      engine.projects.close(open.id);
      for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
      throw error;
    }
  }
}

/**
 * Opens a project file: to look only where another program writes it, from its latest backup where it is damaged and that
 * is asked for. The damaged file is moved aside. **Throws** as `openProject`.
 */
export function openProjectFile(engine: Engine, path: string, { ifLocked, ifDamaged }: OpeningAsked): OpenProject {
  const known = engine.projects.list().length;
  try {
    const open = engine.projects.open(path, { ifLocked });
    if (engine.projects.list().length === known) return open;
    return openedOrClosed(engine, open);
  } catch (error) {
    const backup = nameBackups(path).at(-1);
    const damaged = error instanceof CongealError && error.code === 'project-invalid';
    if (!damaged || ifDamaged === 'refuse' || backup === undefined) throw error;
    restoreBackup(path, backup);
    return openedOrClosed(engine, engine.projects.open(path, { ifLocked }));
  }
}

/** A project that could not be made ready is not left open as if it were. */
function openedOrClosed(engine: Engine, open: OpenProject): OpenProject {
  try {
    return opened(engine, open);
  } catch (error) {
    engine.projects.close(open.id);
    throw error;
  }
}

/** Closes a project when its runs have stopped. */
export async function closeOpenProject(engine: Engine, open: OpenProject): Promise<void> {
  await interruptRuns(engine.runs, open.id);
  noteRecent(engine, open);
  engine.projects.close(open.id);
  engine.hub.publish({ event: 'project-closed', project: open.id });
}

/** Tells that something of a project as a whole has changed; the list of projects learns how many images it has. */
export function publishProject(engine: Engine, open: OpenProject): void {
  engine.recent.count(open.path, countByState(open.reader).ready);
  engine.hub.publish({ event: 'project-changed', project: open.id, state: viewProject(engine, open) });
}

function opened(engine: Engine, open: OpenProject): OpenProject {
  if (open.writer !== null) interruptAbandonedRuns(open.writer);
  tellOpened(engine, open);
  return open;
}

function tellOpened(engine: Engine, open: OpenProject): void {
  noteRecent(engine, open);
  publishProject(engine, open);
}

function noteRecent({ recent, hub }: Engine, open: OpenProject): void {
  const { path, reader } = open;
  recent.note({ path, name: projectName(open), openedAt: Date.now(), images: countByState(reader).ready });
  hub.publish({ event: 'recent-changed' });
}
