import { stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import type { Answer, Request } from '../../contract/command.ts';
import type { DesktopGrant, DesktopPlace, DesktopPurpose } from '../../contract/desktop.ts';
import { CongealError } from '../../contract/errors.ts';
import type { shellCommands } from '../../contract/shell-commands.ts';
import { listExports } from '../../store/exports.ts';
import type { Engine } from '../engine.ts';
import { isWritable } from '../folders/folder-tree.ts';
import type { HandlerContext } from '../handler.ts';
import { logPath } from '../log-file.ts';
import { imageOf, noSuch, runOf } from '../row-ids.ts';

type ShellCommands = typeof shellCommands;

/** The handlers of what the desktop shell alone may ask. */
export type ShellHandlers = {
  readonly [Key in keyof ShellCommands]: (
    request: Request<ShellCommands[Key]>,
    context: HandlerContext,
  ) => Answer<ShellCommands[Key]> | Promise<Answer<ShellCommands[Key]>>;
};

/** Answers the desktop shell: paths in, grants out, and where things lie. */
export function shellHandlers(engine: Engine): ShellHandlers {
  return {
    grant: async ({ body: { paths, purpose } }) => ({
      grants: await Promise.all(paths.map((path) => grantPath(engine, path, purpose))),
    }),
    locate: ({ body }) => ({ path: locate(engine, body) }),
  };
}

/** Grants a folder or a project file; null for what is neither, or not what is chosen for this purpose. */
async function grantPath(
  { grants }: Engine,
  path: string,
  purpose: DesktopPurpose | null,
): Promise<DesktopGrant | null> {
  if (!isAbsolute(path))
    throw new CongealError('malformed', `The path ${JSON.stringify(path)} is not absolute; name the whole path.`);
  const found = await stat(path).catch(() => undefined);
  const name = basename(path) || path;
  if (found?.isDirectory() === true)
    return { id: grants.add(path, purpose ?? 'images'), name, kind: 'folder', writable: await isWritable(path) };
  const mayBeProject = purpose === null || purpose === 'project';
  if (found?.isFile() === true && path.endsWith('.congeal') && mayBeProject)
    return { id: grants.add(path, 'project'), name, kind: 'project', writable: await isWritable(path) };
  return null;
}

function locate({ projects, stateFolder }: Engine, place: DesktopPlace): string {
  if (place.kind === 'log') return logPath(stateFolder);
  const { path, reader } = projects.get(place.project);
  if (place.kind === 'project') return path;
  if (place.kind === 'image') return imageOf(reader, place.image).path;
  const { id } = runOf(reader, place.run);
  const written = listExports(reader).find(({ run }) => run === id);
  if (written === undefined) throw noSuch('export', place.run);
  return written.folder;
}
