import { z } from 'zod';
import { command } from '../command.ts';
import { count, id, inProject, line, moment, nothing, prose } from '../values.ts';

/** An open project. */
export const project = z
  .strictObject({
    id,
    name: line,
    place: prose.describe('Where the project file lies, for people to read'),
    readOnly: z.boolean(),
    readOnlyReason: prose.nullable().describe('Why nothing can be changed: locked by another program, read-only file'),
    images: count.describe('Images that can be used'),
    failedImages: count.describe('Files that could not be read'),
    runs: count,
    revision: count.describe('Grows with every change of the collection'),
    network: z.boolean().describe('The file lies on a network folder'),
  })
  .meta({ id: 'Project' });

/** A project that was open once. */
const recentProject = z
  .strictObject({
    id,
    name: line,
    place: prose,
    openedAt: moment,
    images: count,
    missing: z.boolean().describe('The file is not where it was'),
  })
  .meta({ id: 'RecentProject' });

const snapshot = z.strictObject({ id, name: line, at: moment, bytes: count }).meta({ id: 'Snapshot' });

/** Projects: create, open, recent, close, snapshot. */
export const projects = {
  recent: command({
    method: 'GET',
    path: '/api/projects/recent',
    summary: 'Projects opened lately, latest first',
    effect: 'reads',
    answer: z.strictObject({ projects: z.array(recentProject) }),
  }),
  forget: command({
    method: 'DELETE',
    path: '/api/projects/recent/:recent',
    summary: 'Take a project off the recent list; its file stays',
    effect: 'changes',
    params: z.strictObject({ recent: id }),
    answer: nothing,
  }),
  list: command({
    method: 'GET',
    path: '/api/projects',
    summary: 'Projects that are open',
    effect: 'reads',
    answer: z.strictObject({ projects: z.array(project) }),
  }),
  create: command({
    method: 'POST',
    path: '/api/projects',
    summary: 'Make a project and open it',
    effect: 'changes',
    body: z.strictObject({
      name: line.max(80),
      place: id
        .nullable()
        .default(null)
        .describe('Folder for the project file (a grant); null: where projects are kept'),
      images: id.nullable().default(null).describe('Folder whose images are imported at once (a grant)'),
    }),
    answer: z.strictObject({ project, run: id.nullable().describe('The import that was started') }),
  }),
  sample: command({
    method: 'POST',
    path: '/api/projects/sample',
    summary: 'Make a project with a sample collection that the program draws itself',
    effect: 'changes',
    body: z.strictObject({
      collection: z.enum(['beetles', 'glyphs']).default('beetles'),
      images: z.number().int().min(2).max(500).default(60),
    }),
    answer: z.strictObject({ project, run: id }),
  }),
  open: command({
    method: 'POST',
    path: '/api/projects/open',
    summary: 'Open a project file; opening it twice gives the same id',
    effect: 'changes',
    body: z.strictObject({
      from: z.union([
        z.strictObject({ recent: id }),
        z.strictObject({ file: id.describe('A project file that `folders.list` or the shell named') }),
      ]),
      ifLocked: z.enum(['read-only', 'refuse']).default('read-only').describe('When another program has it open'),
      ifDamaged: z
        .enum(['refuse', 'restore-backup'])
        .default('refuse')
        .describe('Restoring moves the damaged file aside; it is never deleted'),
    }),
    answer: z.strictObject({ project }),
  }),
  one: command({
    method: 'GET',
    path: '/api/projects/:project',
    summary: 'An open project',
    effect: 'reads',
    params: inProject,
    answer: project,
  }),
  rename: command({
    method: 'PATCH',
    path: '/api/projects/:project',
    summary: 'Change the name that is shown; the file keeps its own',
    effect: 'edits',
    params: inProject,
    body: z.strictObject({ name: line.max(80) }),
    answer: project,
  }),
  close: command({
    method: 'POST',
    path: '/api/projects/:project/close',
    summary: 'Close a project; its runs are interrupted and can be resumed',
    effect: 'reads',
    params: inProject,
    answer: nothing,
  }),
  snapshot: command({
    method: 'POST',
    path: '/api/projects/:project/snapshots',
    summary: 'Copy the project file as it is now',
    effect: 'changes',
    params: inProject,
    body: z.strictObject({ name: line.max(80).default('Snapshot') }),
    answer: snapshot,
  }),
  snapshots: command({
    method: 'GET',
    path: '/api/projects/:project/snapshots',
    summary: 'Copies of the project file, latest first',
    effect: 'reads',
    params: inProject,
    answer: z.strictObject({ snapshots: z.array(snapshot) }),
  }),
};
