import { basename, dirname, extname } from 'node:path';
import type { z } from 'zod';
import type { project as schema } from '../../contract/commands/projects.ts';
import { countByState } from '../../store/image-counts.ts';
import { countRuns } from '../../store/image-relations.ts';
import { mayBeRemote } from '../../store/network-folder.ts';
import { listSettings } from '../../store/settings.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';

/** The key of a project's name among its settings. */
export const nameKey = 'project-name';

/** An open project as doors show it. */
export function viewProject({ revisions }: Engine, open: OpenProject): z.input<typeof schema> {
  const { reader, path, id } = open;
  const { ready, failed, missing, quarantined } = countByState(reader);
  return {
    id,
    name: projectName(open),
    place: dirname(path),
    readOnly: open.writer === null,
    readOnlyReason: open.readOnlyReason,
    images: ready,
    failedImages: failed + missing + quarantined,
    runs: countRuns(reader),
    revision: revisions.of(id),
    network: mayBeRemote(path),
  };
}

/** The name that a person gave a project, or its file's. */
export function projectName({ reader, path }: OpenProject): string {
  const given = listSettings(reader).get(nameKey);
  if (typeof given === 'string') return given;
  return plainLine(basename(path, extname(path)));
}

/** A text as one line without control characters: names of files may hold them. */
export function plainLine(text: string): string {
  const line = text.replace(/\p{Cc}/gu, ' ').slice(0, 200);
  return line === '' ? ' ' : line;
}
