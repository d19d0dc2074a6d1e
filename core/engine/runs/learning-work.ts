import type { Jobs } from '../../compute/job-kinds.ts';
import type { LearnedClassifier } from '../../compute/learn.ts';
import type { Learned } from '../../compute/learned.ts';
import type { SupervisedMessage } from '../../compute/supervisor/messages.ts';
import type { AlignRun, ApplyRun, FindRun, LearnRun } from '../../contract/recipes.ts';
import { CongealError } from '../../contract/errors.ts';
import type { ImageId } from '../../store/ids.ts';
import { listImages } from '../../store/images.ts';
import type { Project } from '../../store/database.ts';
import type { Run } from '../../store/runs.ts';
import { centreSquare } from '../before.ts';
import type { Engine } from '../engine.ts';
import { threadsOf } from '../machine.ts';
import { featuresFile } from '../models/features-file.ts';
import { openModel } from '../models/program-models.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import type { Compute, LearningKind, RunTask } from '../perform-run.ts';
import { performRun } from '../perform-run.ts';
import { chooseComputing, sayComputing } from '../provider.ts';
import { learnRequest, saveClassifierPage } from './classifier-run.ts';
import { savePictures } from './run-pictures.ts';
import type { RunPlan } from './run-plan.ts';
import { askedOptions, planOf } from './run-plan.ts';
import type { RunWork } from './submit-run.ts';

interface File {
  readonly id: string;
  readonly path: string;
}

/** Side in pixels of the means of runs that have no size of their own. */
const meanSide = 128;

const modelNames = { find: 'localiser.onnx', align: 'aligner.onnx', apply: '', learn: 'classifier.onnx' } as const;

/**
 * How a learning run is performed, from what its row says alone: the same for one that begins and one that goes on.
 *
 * **Throws** CongealError `unsupported` for a run without a plan.
 */
export function learningWork(engine: Engine, open: OpenProject, run: Run & { readonly kind: LearningKind }): RunWork {
  const plan = planOf(run);
  const rows = new Map(plan.images.map(([image, name]) => [name, image]));
  return {
    lane: 'run',
    imageOf: (file) => {
      const image = rows.get(file);
      return image === undefined ? null : String(image);
    },
    done: () =>
      void engine.hub.publish({ event: 'transforms-changed', project: open.id, run: String(run.id), images: null }),
    perform: async ({ signal, pause, tell, writeHeld, stoppedAs }) => {
      const project = writable(open);
      const paths = new Map(listImages(project).map(({ id, path }) => [id, path]));
      const files = plan.images.flatMap(([image, id]): File[] => {
        const path = paths.get(image);
        return path === undefined ? [] : [{ id, path }];
      });
      const asked = askedOptions(run) as Partial<AlignRun>;
      const settings = engine.settings.read();
      const wanted = wantedProvider(run.kind, asked.provider, settings.provider);
      const { workers, stateFolder } = engine;
      const computing = await chooseComputing(wanted, { workers, signal, stateFolder });
      if (wanted === 'auto') tell({ event: 'note', message: sayComputing(computing) });
      const request = await requestOf(engine, open, run, { files, plan });
      const task: RunTask = {
        job: run.kind,
        request,
        seed: run.seed,
        threads: threadsOf(asked.threads ?? settings.threads ?? undefined),
        provider: computing.provider,
        modelName: modelNames[run.kind],
        imageOf: (file) => rows.get(file) as ImageId,
        before: beforeTheEnd(project, run, asked),
      };
      await performRun(project, run.id, { files, failures: [] }, task, {
        workers,
        signal,
        pause,
        onEvent: tell,
        writeHeld,
        stoppedAs,
      });
    },
  };
}

/** What was asked for, or else what the settings say; only what trains has a choice. */
function wantedProvider(kind: LearningKind, asked: string | undefined, setting: string): string {
  if (kind === 'apply') return 'cpu';
  return asked === undefined || asked === 'auto' ? setting : asked;
}

/** What is made of a result before it stands: the means of transforms, the report of a classifier. */
function beforeTheEnd(
  project: Project,
  run: Run & { readonly kind: LearningKind },
  { size = meanSide, allowDamaged = false }: Partial<Pick<AlignRun, 'size' | 'allowDamaged'>>,
) {
  return async function* (
    learned: Learned | LearnedClassifier,
    compute: Compute,
  ): AsyncGenerator<SupervisedMessage, void> {
    if ('sight' in learned) {
      saveClassifierPage(project, run, learned);
      return;
    }
    if (run.kind === 'apply') return;
    const items = pictureItems(learned);
    const { files: made } = yield* compute('pictures', { items, size, cardSide: 8, allowDamaged });
    savePictures(project, run.id, { mean: made.mean, std: made.std, 'mean-before': made.meanBefore });
  };
}

function pictureItems({ images, located }: Learned) {
  return located.map((one, n) => ({
    id: one.id,
    path: images[n].path,
    before: centreSquare(images[n].info),
    after: one.canonicalToImage,
    counted: one.status === 'ok',
    card: false,
  }));
}

async function requestOf(
  engine: Engine,
  open: OpenProject,
  run: Run & { readonly kind: LearningKind },
  { files, plan }: { readonly files: readonly File[]; readonly plan: RunPlan },
): Promise<Jobs[LearningKind]['request']> {
  const asked = askedOptions(run);
  if (run.kind === 'apply') {
    const { model: id, allowDamaged } = asked as ApplyRun;
    const { bytes, name, sha256 } = await openModel(engine, open, id);
    checkSame(plan, sha256);
    return { files, model: bytes, modelName: name, allowDamaged };
  }
  if (run.kind === 'learn') return learnRequest(files, plan, asked as LearnRun);
  const { file: features, sha256 } = featuresFile(engine, (asked as FindRun).features);
  checkSame(plan, sha256);
  if (run.kind === 'find') {
    const { objectSize, objective, net, allowDamaged, optimise } = asked as FindRun;
    const kept = plan.kept === undefined ? {} : { kept: new Map(plan.kept) };
    return { files, objectSize, objective, net, features, allowDamaged, optimise, ...kept };
  }
  const { family, mirror, rotation, learn, size, allowDamaged, optimise } = asked as AlignRun;
  const { reference, boxes, pins } = plan;
  return {
    ...{ files, family, mirror, rotation, features, learn, size, allowDamaged, optimise, reference },
    boxes: boxes === undefined ? undefined : new Map(boxes),
    ...(pins === undefined ? {} : { pins: new Map(pins) }),
  };
}

function checkSame({ modelSha256 }: RunPlan, sha256: string | undefined): void {
  if (modelSha256 === sha256) return;
  throw new CongealError(
    'checkpoint-mismatch',
    'The model that this run was started with is no longer the same. Import it again, or start a new run.',
  );
}
