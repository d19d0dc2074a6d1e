import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import { nameBackups } from '../../store/backup.ts';
import { recordEdit } from '../../store/edits.ts';
import { countByState } from '../../store/image-counts.ts';
import { restoreBackup } from '../../store/rescue.ts';
import { saveSetting } from '../../store/settings.ts';
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

/** Makes a project file of a name that nothing had in a folder, and opens it. **Throws** as `openProject`. */
export function createProject(engine: Engine, name: string, folder: string): OpenProject {
  const stem = safeRelativePath(name.replaceAll(/[/\\]/g, '_')).at(-1) ?? 'Project';
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new CongealError('output-unwritable', `The folder ${folder} cannot be made; choose another one.`, { cause });
  }
  for (let n = 1; ; n++) {
    const path = join(folder, `${n === 1 ? stem : `${stem} ${n}`}${extension}`);
    if (existsSync(path)) continue;
    const open = engine.projects.open(path, { create: true, ifLocked: 'refuse' });
    if (projectName(open) !== name)
      recordEdit(writable(open), 'Name the project', (editing) => saveSetting(editing, nameKey, name));
    return opened(engine, open);
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
    return engine.projects.list().length > known ? opened(engine, open) : open;
  } catch (error) {
    const backup = nameBackups(path).at(-1);
    const damaged = error instanceof CongealError && error.code === 'project-invalid';
    if (!damaged || ifDamaged === 'refuse' || backup === undefined) throw error;
    restoreBackup(path, backup);
    return opened(engine, engine.projects.open(path, { ifLocked }));
  }
}

/** Closes a project when its runs have stopped. */
export async function closeOpenProject(engine: Engine, open: OpenProject): Promise<void> {
  await interruptRuns(engine.runs, open.id);
  noteRecent(engine, open);
  engine.projects.close(open.id);
  engine.hub.publish({ event: 'project-closed', project: open.id });
}

/** Tells that something of a project as a whole has changed. */
export function publishProject(engine: Engine, open: OpenProject): void {
  engine.hub.publish({ event: 'project-changed', project: open.id, state: viewProject(engine, open) });
}

function opened(engine: Engine, open: OpenProject): OpenProject {
  if (open.writer !== null) interruptAbandonedRuns(open.writer);
  noteRecent(engine, open);
  publishProject(engine, open);
  return open;
}

function noteRecent({ recent, hub }: Engine, open: OpenProject): void {
  const { path, reader } = open;
  recent.note({ path, name: projectName(open), openedAt: Date.now(), images: countByState(reader).ready });
  hub.publish({ event: 'recent-changed' });
}
