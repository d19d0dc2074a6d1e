import type { Progress, Run } from '../api/types.ts';
import { duration, readableNumber } from '../ui/words.ts';

const kinds: Readonly<Record<Run['kind'], string>> = {
  import: 'Import images',
  find: 'Find the object',
  align: 'Align',
  learn: 'Learn',
  apply: 'Apply a model',
  export: 'Export',
};

/** What a run does, in plain words. */
export function kindWords(kind: Run['kind']): string {
  return kinds[kind];
}

const phases: Readonly<Partial<Record<string, string>>> = {
  'read images': 'Reading the images',
  describe: 'Describing the images',
  search: 'Searching',
  refine: 'Refining',
  verify: 'Checking',
  learn: 'Learning a transformer for new images',
  train: 'Training',
  test: 'Testing',
  'check the models': 'Checking what is written against what was learned',
  apply: 'Running over the images',
  write: 'Writing',
  'render crops': 'Rendering crops',
  'render pictures': 'Drawing the pictures of the end',
};

/** What a run is doing, in plain words. */
export function phaseWords(phase: string): string {
  return phases[phase] ?? phase.charAt(0).toUpperCase() + phase.slice(1);
}

const statuses = {
  queued: 'Waiting',
  running: 'Running',
  paused: 'Paused',
  interrupted: 'Interrupted',
  cancelled: 'Cancelled',
  failed: 'Failed',
  done: 'Finished',
} as const satisfies Record<Run['status'], string>;

/** Where a run stands, in one word. */
export function statusWords({ status }: Pick<Run, 'status'>): string {
  return statuses[status];
}

/** How far a phase has come: `37 of 60 · 12 s left`. */
export function progressWords({ done, total, secondsLeft }: Progress): string {
  const share = total > 0 ? `${done.toLocaleString('en')} of ${total.toLocaleString('en')}` : '';
  const left = secondsLeft === null ? '' : `${duration(secondsLeft)} left`;
  return [share, left].filter((part) => part !== '').join(' · ');
}

/** What a run that is not over is doing. */
export function doingWords({ status }: Pick<Run, 'status'>, progress: Progress | null): string {
  if (status === 'queued') return 'Waiting for another run';
  if (status === 'paused') return 'Paused';
  return progress === null ? 'Starting' : phaseWords(progress.phase);
}

/** What a run that is not over is doing and how far it has come, on one line: `Searching · 12 of 60 · 2 min left`. */
export function activityWords(run: Pick<Run, 'status'>, progress: Progress | null): string {
  const far = progress === null || run.status !== 'running' ? '' : progressWords(progress);
  return [doingWords(run, progress), far].filter((part) => part !== '').join(' · ');
}

/** Whether a run waits or goes on. */
export function isActive({ status }: Pick<Run, 'status'>): boolean {
  return status === 'queued' || status === 'running' || status === 'paused';
}

/** Whether a run has ended without results. */
export function isBroken({ status }: Pick<Run, 'status'>): boolean {
  return status === 'interrupted' || status === 'cancelled' || status === 'failed';
}

/** The figures of a finished run as names and values for people. */
export function figureWords(figures: Run['figures']): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(figures).map(([name, value]) => ({
    name: name === 'flagged' ? 'Doubtful' : sentenceOf(name),
    value: valueWords(value),
  }));
}

/** A name of the program's own as a person reads it: `pose_distance` as `Pose distance`. */
export function sentenceOf(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueWords(value: Run['figures'][string]): string {
  if (value === null) return '–';
  if (typeof value === 'number') return readableNumber(value);
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}

/** How many results were accepted and rejected, to follow a count. */
export function decisionWords(decided: Readonly<Partial<Record<string, number>>> | undefined): string {
  if (decided === undefined) return '';
  return ` · ${decided['accepted'] ?? 0} accepted · ${decided['rejected'] ?? 0} rejected`;
}

const optionWords = {
  features: 'Features',
  objectSize: 'Object size',
  objective: 'Objective',
  net: 'Network',
  seed: 'Seed',
  family: 'Transforms',
  size: 'Size',
  mirror: 'Mirror allowed',
  rotation: 'Largest rotation',
  learn: 'Learned transformer',
  classes: 'Classes are',
  augment: 'Changes while training',
  epochs: 'Epochs at most',
  batch: 'Images a step',
  rate: 'Learning rate',
  validation: 'Held back to choose the epoch',
  testShare: 'Held back for the test',
} as const;

/** What options are counted in. */
const units: Readonly<Partial<Record<string, string>>> = { size: ' px', rotation: '°' };

/** Options that are shares of 1. */
const shares: ReadonlySet<string> = new Set(['validation', 'testShare']);

/** The options that a run was started with, as names and values for people. */
export function askedWords(options: Run['options']): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(optionWords).flatMap(([key, name]) => {
    const value = options[key];
    if (typeof value === 'object' && value !== null) return [{ name, value: descriptionOf(value) ?? 'encoder' }];
    if (typeof value === 'boolean') return [{ name, value: value ? 'yes' : 'no' }];
    if (typeof value === 'number')
      return [
        { name, value: shares.has(key) ? `${Number((100 * value).toFixed(1))} %` : `${value}${units[key] ?? ''}` },
      ];
    return typeof value === 'string' ? [{ name, value: value === 'gradients' ? 'outlines' : value }] : [];
  });
}

/** What a network that was given as a description says of itself. */
function descriptionOf(value: object): string | undefined {
  if (!('layers' in value)) return undefined;
  return 'description' in value && typeof value.description === 'string' ? value.description : 'own';
}
