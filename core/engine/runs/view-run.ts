import type { Progress, Run as RunView } from '../../contract/commands/runs.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import { listAllModels } from '../../store/models.ts';
import { listSettings } from '../../store/settings.ts';
import type { Run } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import { learnedModelId } from '../models/model-ids.ts';
import type { OpenProject } from '../open-projects.ts';
import { keptProgress } from './kept-progress.ts';
import { keyOfRun } from './live-runs.ts';
import { askedOptions, hasPlan, planOf } from './run-plan.ts';
import { picturesOf } from './run-pictures.ts';
import type { RunSummary } from './run-summary.ts';

const stopped: ReadonlySet<string> = new Set(['interrupted', 'paused', 'cancelled', 'failed']);
const titles = {
  import: 'Import',
  find: 'Find the object',
  align: 'Align',
  learn: 'Learn',
  apply: 'Apply',
  export: 'Export',
} as const satisfies Record<Run['kind'], string>;

/** A run as doors show it: its row, and what is known of it while it goes on or could not be written there. */
export function viewRun({ runs }: Pick<Engine, 'runs'>, { id, reader }: OpenProject, row: Run): RunView {
  const key = keyOfRun(id, row.id);
  const run: Run = { ...row, ...runs.unwritten.get(key) };
  const live = runs.byKey.get(key);
  const summary = run.result as RunSummary | null;
  const kept = keptProgress(run);
  const planned = hasPlan(run) ? planOf(run).images.length : 0;
  const model = listAllModels(reader).find((one) => one.run === run.id);
  return {
    id: String(run.id),
    kind: run.kind,
    name: nameOf(reader, run),
    status: run.status,
    resumable: stopped.has(run.status) && hasPlan(run),
    stage: run.stage,
    options: askedOptions(run),
    seed: run.seed,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    progress: live?.progress ?? (kept === null ? null : progressOnly(kept)),
    failure: run.failure === null ? null : { code: run.failure.code, reason: run.failure.reason.slice(0, 4000) },
    images: summary?.images ?? planned,
    failedImages: summary?.failures?.length ?? live?.failures.length ?? 0,
    figures: { ...summary?.figures },
    pictures: [...picturesOf(reader, run.id)],
    model: model === undefined ? null : learnedModelId(model.id),
    interruptions: live?.interruptions ?? kept?.interruptions ?? 0,
    seconds: live?.seconds() ?? kept?.seconds ?? null,
  };
}

/** The key of a run's name among the project's settings. */
export function nameKey(run: RunId): string {
  return `run-name:${run}`;
}

function nameOf(reader: ProjectReader, run: Run): string {
  const given = listSettings(reader).get(nameKey(run.id));
  if (typeof given === 'string') return given;
  const asked = run.options['name'];
  return typeof asked === 'string' ? asked : `${titles[run.kind]} ${run.id}`;
}

function progressOnly({ phase, done, total, loss }: Progress): Progress {
  return { phase, done, total, ...(loss === undefined ? {} : { loss }), secondsLeft: null };
}
