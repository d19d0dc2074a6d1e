import { z } from 'zod';
import { historyState } from './commands/history.ts';
import { project } from './commands/projects.ts';
import { progress, run } from './commands/runs.ts';
import { settings } from './commands/settings.ts';
import { count, id, line, prose } from './values.ts';

const inProject = { project: id };
const some = z.array(id).max(1000).nullable().describe('Which; null: many, ask again');

/** What the engine tells everyone who listens. */
export const doorEvent = z
  .discriminatedUnion('event', [
    z.strictObject({ event: z.literal('run-changed'), ...inProject, run }),
    z.strictObject({ event: z.literal('run-progress'), ...inProject, run: id, progress }),
    z.strictObject({ event: z.literal('run-frame'), ...inProject, run: id, frame: id, phase: line, step: count }),
    z.strictObject({
      event: z.literal('run-failure'),
      ...inProject,
      run: id,
      image: id.nullable(),
      file: prose,
      code: z.string(),
      reason: prose,
    }),
    z.strictObject({ event: z.literal('images-changed'), ...inProject, revision: count, images: some }),
    z.strictObject({ event: z.literal('tags-changed'), ...inProject }),
    z.strictObject({ event: z.literal('groups-changed'), ...inProject }),
    z.strictObject({ event: z.literal('transforms-changed'), ...inProject, run: id, images: some }),
    z.strictObject({ event: z.literal('annotations-changed'), ...inProject, images: some }),
    z.strictObject({ event: z.literal('history-changed'), ...inProject, state: historyState }),
    z.strictObject({ event: z.literal('project-changed'), project: id, state: project }),
    z.strictObject({ event: z.literal('project-closed'), ...inProject }),
    z.strictObject({ event: z.literal('recent-changed') }),
    z.strictObject({ event: z.literal('models-changed') }),
    z.strictObject({ event: z.literal('providers-changed') }),
    z.strictObject({ event: z.literal('settings-changed'), settings }),
    z.strictObject({ event: z.literal('workers-changed'), workers: count, waiting: count }),
    z.strictObject({
      event: z.literal('note'),
      project: id.nullable(),
      level: z.enum(['info', 'warning', 'error']),
      message: prose,
    }),
    z.strictObject({
      event: z.literal('reset'),
      reason: prose.describe('Events were missed that are no longer kept: ask for everything again'),
    }),
  ])
  .meta({ id: 'DoorEvent' });
export type DoorEvent = z.infer<typeof doorEvent>;
