import { randomBytes } from 'node:crypto';
import { CongealError } from '../contract/errors.ts';
import type { Project, ProjectReader } from '../store/database.ts';
import { fileAt } from '../store/moved-file.ts';
import { closeProject, openProject } from '../store/project-file.ts';
import { realPath } from './folders/real-path.ts';

/** A project that is open, under the id by which doors know it. */
export interface OpenProject {
  readonly id: string;
  /** Absolute path of the project file. */
  readonly path: string;
  readonly reader: ProjectReader;
  /** Which file it is, whatever its name. */
  readonly file: string | undefined;
  /** The same, where it may be written. */
  readonly writer: Project | null;
  /** Why nothing can be changed; null where it can. */
  readonly readOnlyReason: string | null;
}

/** How a project is opened. */
export interface OpeningOptions {
  readonly create?: boolean;
  /** When another process has it open. */
  readonly ifLocked?: 'read-only' | 'refuse';
}

/** The projects that this engine has open. */
export interface OpenProjects {
  /** Opens a project file; the same file gives the same project. **Throws** as `openProject`. */
  readonly open: (path: string, options?: OpeningOptions) => OpenProject;
  /** **Throws** CongealError `not-found`. */
  readonly get: (id: string) => OpenProject;
  readonly list: () => readonly OpenProject[];
  /** Closes a project; closing it again does nothing. */
  readonly close: (id: string) => void;
  readonly closeAll: () => void;
}

/** Makes an empty set of open projects. */
export function createOpenProjects(): OpenProjects {
  const byId = new Map<string, OpenProject>();
  const close = (id: string) => {
    const found = byId.get(id);
    byId.delete(id);
    if (found !== undefined) closeProject(found.reader);
  };
  return {
    open: (path, options = {}) => {
      const known = [...byId.values()].find((one) => one.path === realPath(path));
      if (known !== undefined) return known;
      refuseOtherName(byId.values(), path);
      const opened = openFile(path, options);
      const id = randomBytes(12).toString('base64url');
      const project: OpenProject = { ...opened, id, path: realPath(path), file: fileAt(path) };
      byId.set(project.id, project);
      return project;
    },
    get: (id) => {
      const found = byId.get(id);
      if (found !== undefined) return found;
      throw new CongealError('not-found', 'There is no open project of this id; open it first.', {
        details: { project: id },
      });
    },
    list: () => [...byId.values()],
    close,
    closeAll: () => [...byId.keys()].forEach(close),
  };
}

/**
 * The project for writing.
 *
 * **Throws** CongealError `project-read-only`.
 */
export function writable(project: OpenProject): Project {
  if (project.writer !== null) return project.writer;
  throw new CongealError(
    'project-read-only',
    `This project is open only for looking: ${project.readOnlyReason ?? 'it cannot be written'}`,
    { details: { project: project.id } },
  );
}

/* Two logs of one file would each overwrite what the other has written. */
function refuseOtherName(open: Iterable<OpenProject>, path: string): void {
  const file = fileAt(path);
  if (file === undefined) return;
  const same = [...open].find((one) => one.writer !== null && one.file === file);
  if (same !== undefined)
    throw new CongealError(
      'conflict',
      `${path} is the project that is open as ${same.path}. Close that one first, then open it under this name.`,
      { details: { project: same.id } },
    );
}

function openFile(
  path: string,
  { create = false, ifLocked = 'read-only' }: OpeningOptions,
): Pick<OpenProject, 'reader' | 'writer' | 'readOnlyReason'> {
  try {
    const writer = openProject(path, { create });
    return { reader: writer, writer, readOnlyReason: null };
  } catch (error) {
    if (!(error instanceof CongealError) || ifLocked === 'refuse') throw error;
    if (!['project-locked', 'output-unwritable', 'disk-full', 'disk-failed'].includes(error.code)) throw error;
    return { reader: openProject(path, { readOnly: true }), writer: null, readOnlyReason: error.message };
  }
}
