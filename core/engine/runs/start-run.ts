import { nameTransformers } from '../../contract/network-names.ts';
import type { AlignRun, ApplyRun, FindRun, LearnRun } from '../../contract/recipes.ts';
import type { RunId } from '../../store/ids.ts';
import type { RunKind } from '../../store/runs.ts';
import { findRun, queueRun } from '../../store/runs.ts';
import type { FeaturesUse } from '../../compute/features.ts';
import { versions } from '../../compute/supervisor/versions.ts';
import type { Engine } from '../engine.ts';
import { checkNetwork } from '../learn/check-network.ts';
import { readNetwork } from '../learn/network-file.ts';
import { featuresFile } from '../models/features-file.ts';
import { openModel } from '../models/program-models.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import { rowIdOf } from '../row-ids.ts';
import { chooseComputing } from '../provider.ts';
import type { PlannedRun } from './plan-learning.ts';
import { planAlign, planApply, planFind, planLearn } from './plan-learning.ts';
import type { RunPlan } from './run-plan.ts';
import { withPlan } from './run-plan.ts';
import { publishRun, submitRun } from './submit-run.ts';
import { workOf } from './work-of-run.ts';

/** What can be asked of a start besides the run itself. */
interface Starting {
  readonly kind: RunKind;
  readonly seed: number;
  readonly parent?: string | undefined;
}

/** Starts a search for the common object. **Throws** as `planFind`, and for a model that cannot be used. */
export async function startFind(engine: Engine, open: OpenProject, body: FindRun, signal: AbortSignal): Promise<RunId> {
  const planned = planFind(open.reader, body);
  const model = await checkComputing(engine, body, 'find', signal);
  return queue(engine, open, { kind: 'find', seed: body.seed, parent: body.keepAccepted }, withModel(planned, model));
}

/** Starts a joint alignment. **Throws** as `planAlign`, and for a model that cannot be used. */
export async function startAlign(
  engine: Engine,
  open: OpenProject,
  body: AlignRun,
  signal: AbortSignal,
): Promise<RunId> {
  const planned = planAlign(open.reader, body);
  const model = await checkComputing(engine, body, 'align', signal);
  const parent = body.keepAccepted ?? body.boxes;
  return queue(engine, open, { kind: 'align', seed: body.seed, parent }, withModel(planned, model));
}

/** Starts to run a learned transformer over images. **Throws** as `planApply`, and for a model that cannot be used. */
export async function startApply(
  engine: Engine,
  open: OpenProject,
  body: ApplyRun,
  signal: AbortSignal,
): Promise<RunId> {
  const planned = planApply(open.reader, body);
  const { bytes: model, name: modelName, sha256 } = await openModel(engine, open, body.model);
  await engine.workers.call('check transformer', { model, modelName }, { signal, priority: 'interactive' });
  return queue(engine, open, { kind: 'apply', seed: body.seed }, withModel(planned, sha256));
}

/** Starts the training of a classifier. **Throws** as `planLearn`, and for a network that is not there. */
export async function startLearn(
  engine: Engine,
  open: OpenProject,
  body: LearnRun,
  signal: AbortSignal,
): Promise<RunId> {
  const network = typeof body.net === 'string' ? await readNetwork(body.net) : body.net;
  nameTransformers(network.layers);
  const planned = planLearn(open.reader, { ...body, net: network });
  const { workers, stateFolder } = engine;
  if (body.provider !== 'auto') await chooseComputing(body.provider, { workers, signal, stateFolder });
  const labels = (planned.plan.labels ?? []).map(([, label]) => label);
  await checkNetwork(network, body, labels, { workers, signal });
  return queue(engine, open, { kind: 'learn', seed: body.seed }, planned);
}

/** Puts a run into the project and into the queue. */
export function queue(
  engine: Engine,
  open: OpenProject,
  { kind, seed, parent }: Starting,
  { options }: Pick<PlannedRun, 'options'>,
): RunId {
  const project = writable(open);
  const run = queueRun(project, {
    kind,
    options,
    seed,
    stage: 'begin',
    versions: versions(),
    startedAt: Date.now(),
    ...(parent === undefined ? {} : { parent: rowIdOf(parent, 'run') as RunId }),
  });
  const row = findRun(project, run);
  if (row === undefined) throw new Error('a run that was just written is not there');
  publishRun(engine, open, run);
  submitRun(engine, open, run, workOf(engine, open, row));
  return run;
}

/** Looks at where and with what a run shall compute before anything is written; gives the hash of the encoder. */
async function checkComputing(
  engine: Engine,
  { provider, features }: Pick<FindRun, 'provider' | 'features'>,
  use: FeaturesUse,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { workers, stateFolder } = engine;
  if (provider !== 'auto') await chooseComputing(provider, { workers, signal, stateFolder });
  const { file, sha256 } = featuresFile(engine, features);
  if (sha256 !== undefined)
    await engine.workers.call('check features', { features: file, use }, { signal, priority: 'interactive' });
  return sha256;
}

function withModel({ options, plan }: PlannedRun, modelSha256: string | undefined): PlannedRun {
  if (modelSha256 === undefined) return { options, plan };
  const complete: RunPlan = { ...plan, modelSha256 };
  return { options: withPlan(options, complete), plan: complete };
}
