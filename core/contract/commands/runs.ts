import { z } from 'zod';
import { bytes, command } from '../command.ts';
import { alignRun, applyRun, findRun, learnRun, learnSubjects } from '../recipes.ts';
import {
  count,
  cursor,
  failure,
  id,
  inProject,
  inRun,
  limit,
  line,
  matrix3,
  moment,
  nothing,
  prose,
} from '../values.ts';

const kind = z.enum(['import', 'find', 'align', 'learn', 'apply', 'export']).describe('What a run does');
const status = z
  .enum(['queued', 'running', 'paused', 'interrupted', 'cancelled', 'failed', 'done'])
  .describe('`interrupted`, `paused`, `cancelled` and `failed` can be resumed where `resumable` says so');

/** How far a run has come. */
export const progress = z
  .strictObject({
    phase: line,
    done: count,
    total: count.describe('0: not known yet'),
    loss: z.number().optional(),
    secondsLeft: z.number().min(0).nullable().describe('Of this phase; null: not known yet'),
  })
  .meta({ id: 'Progress' });

export type Progress = z.infer<typeof progress>;

const picture = z.enum(['mean', 'std', 'mean-before']);
export type FinishedRunPicture = z.infer<typeof picture>;

/** A run as the project remembers it. */
export const run = z
  .strictObject({
    id,
    kind,
    name: line,
    status,
    resumable: z.boolean(),
    stage: z.string().max(200),
    options: z.record(z.string(), z.unknown()).describe('As it was started, defaults included'),
    seed: count,
    startedAt: moment,
    finishedAt: moment.nullable(),
    progress: progress.nullable(),
    failure: failure.nullable(),
    images: count.describe('Images that took part'),
    failedImages: count,
    figures: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
    pictures: z.array(picture).describe('What `runs.picture` has'),
    model: id.nullable().describe('What it learned'),
    interruptions: count.describe('How often its worker died'),
    seconds: z
      .number()
      .min(0)
      .nullable()
      .describe('How long it has worked, without waits and pauses, whatever the clock says; null: not known'),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof run>;

const started = z.strictObject({ run: id });

function starting<const Path extends `/api/${string}`, Body extends z.ZodType>(
  path: Path,
  summary: string,
  body: Body,
) {
  return command({ method: 'POST', path, summary, effect: 'starts', params: inProject, body, answer: started });
}

function switching<const Path extends `/api/${string}`>(path: Path, summary: string) {
  return command({ method: 'POST', path, summary, effect: 'changes', params: inRun, answer: run });
}

/** Runs: start, pause, resume, cancel, look at. */
export const runs = {
  find: starting('/api/projects/:project/runs/find', 'Find the object in every image (co-localisation)', findRun),
  align: starting('/api/projects/:project/runs/align', 'Bring all images into one pose (joint alignment)', alignRun),
  learn: starting('/api/projects/:project/runs/learn', 'Train a classifier with spatial transformers', learnRun),
  classes: command({
    method: 'POST',
    path: '/api/projects/:project/runs/classes',
    summary: 'Which classes a classifier would be trained on, by name, with their images; at most 200 are named',
    effect: 'reads',
    params: inProject,
    body: learnSubjects,
    answer: z.strictObject({
      classes: z.array(z.strictObject({ name: prose, images: count })).max(200),
      total: count.describe('Classes, named here or not'),
      images: count.describe('Images of all classes'),
      smallest: count.describe('Images of the smallest class; 0 where there is none'),
      without: count.describe('Images that could take part and are of no class'),
    }),
  }),
  apply: starting('/api/projects/:project/runs/apply', 'Run a learned transformer over images', applyRun),
  page: command({
    method: 'GET',
    path: '/api/projects/:project/runs',
    summary: 'Runs, latest first',
    effect: 'reads',
    params: inProject,
    query: z.strictObject({
      kind: z.array(kind).max(6).optional(),
      status: z.array(status).max(7).optional(),
      limit,
      cursor: cursor.optional(),
    }),
    answer: z.strictObject({ runs: z.array(run), next: cursor.nullable() }),
  }),
  one: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run',
    summary: 'One run',
    effect: 'reads',
    params: inRun,
    answer: run,
  }),
  rename: command({
    method: 'PATCH',
    path: '/api/projects/:project/runs/:run',
    summary: 'Change the name of a run',
    effect: 'edits',
    params: inRun,
    body: z.strictObject({ name: line.max(80) }),
    answer: run,
  }),
  pause: switching('/api/projects/:project/runs/:run/pause', 'Pause at the next step'),
  resume: switching('/api/projects/:project/runs/:run/resume', 'Go on from where it stopped'),
  cancel: switching('/api/projects/:project/runs/:run/cancel', 'Stop; what is finished stays and it can be resumed'),
  remove: command({
    method: 'DELETE',
    path: '/api/projects/:project/runs/:run',
    summary: 'Remove a run with its results, for good; one that is running must be cancelled first',
    effect: 'changes',
    params: inRun,
    answer: nothing,
  }),
  losses: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/losses',
    summary: 'Loss curves; long ones are thinned to at most `points` points each',
    effect: 'reads',
    params: inRun,
    query: z.strictObject({ points: z.number().int().min(2).max(10_000).default(1000) }),
    answer: z.strictObject({
      series: z.array(
        z.strictObject({ phase: line, steps: z.array(count), values: z.array(z.number()).describe('One a step') }),
      ),
    }),
  }),
  frames: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/frames',
    summary: 'The film of the mean image: which frames there are',
    effect: 'reads',
    params: inRun,
    answer: z.strictObject({ frames: z.array(z.strictObject({ id, phase: line, step: count, at: moment })) }),
  }),
  frame: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/frames/:frame',
    summary: 'One frame of the film',
    effect: 'reads',
    params: inRun.extend({ frame: id }),
    query: z.strictObject({
      of: z.enum(['mean', 'std']).default('mean').describe('The mean of the images, or their standard deviation'),
    }),
    answer: bytes(['image/png']),
  }),
  poses: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/poses',
    summary: 'Where a run that goes on has the canonical frame just now, in at most 100 of its images',
    effect: 'reads',
    params: inRun,
    answer: z.strictObject({
      frame: id.nullable().describe('The frame of the film that shows them; null: there is none yet'),
      poses: z.array(
        z.strictObject({
          image: id,
          name: prose,
          width: count.describe('Pixels of the oriented image'),
          height: count,
          thumbnail: z.string().max(64),
          canonicalToImage: matrix3,
        }),
      ),
    }),
  }),
  picture: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/pictures/:picture',
    summary: 'The mean image, the standard deviation, or the mean before alignment',
    effect: 'reads',
    params: inRun.extend({ picture }),
    answer: bytes(['image/png']),
  }),
  report: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/report',
    summary: 'The report of a finished run as one page that needs nothing else',
    effect: 'reads',
    params: inRun,
    answer: bytes(['text/html']),
  }),
  failures: command({
    method: 'GET',
    path: '/api/projects/:project/runs/:run/failures',
    summary: 'Images that a run could not use, with reasons',
    effect: 'reads',
    params: inRun,
    query: z.strictObject({ limit, cursor: cursor.optional() }),
    answer: z.strictObject({
      failures: z.array(z.strictObject({ image: id.nullable(), file: prose, code: z.string(), reason: prose })),
      next: cursor.nullable(),
    }),
  }),
};
