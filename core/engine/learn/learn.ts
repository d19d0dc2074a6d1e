import { basename, resolve } from 'node:path';
import type { LearnedClassifier } from '../../compute/learn.ts';
import type { SupervisedMessage } from '../../compute/supervisor/messages.ts';
import type { DoneMessage, EngineMessage } from '../../contract/events.ts';
import type { NetworkDescription } from '../../contract/network.ts';
import { nameTransformers, transformersIn } from '../../contract/network-names.ts';
import type { LearnOptions } from '../../contract/options.ts';
import { refuseOriginals } from '../outputs.ts';
import { collectionName, type LearningOutcome, runLearning } from '../run-learning.ts';
import type { PlainData } from '../../store/runs.ts';
import type { UseCaseContext } from '../use-case.ts';
import { writeAll } from '../write-report.ts';
import { checkNetwork } from './check-network.ts';
import { classifierPage } from './classifier-page.ts';
import { learnFiles } from './learn-source.ts';
import { readNetwork } from './network-file.ts';
import { settledNetwork } from './settled-network.ts';
import { teachingOf } from './teaching.ts';

const modelName = 'classifier.onnx';

/**
 * Trains a classifier with spatial transformers inside from class folders or idx files, and writes it, each of its
 * transformers, a report and its network.
 */
export async function* learn(
  options: LearnOptions,
  context: UseCaseContext,
): AsyncGenerator<EngineMessage, DoneMessage> {
  const network = await readNetwork(options.net);
  const { source, request } = await learnFiles(options, context.signal);
  const leaves = [modelName, ...modelNames(network), 'report.html', 'network.json'];
  if (request.kind === 'idx')
    await refuseOriginals(
      leaves.map((name) => resolve(options.out, name)),
      [request.train, request.test].flatMap((pair) => (pair === null ? [] : [pair.images, pair.labels])),
    );
  const recipe = recipeOf(options, network);
  return yield* runLearning<'learn'>(
    { ...options, folder: source.root },
    {
      kind: 'learn',
      recipe,
      modelName,
      leaves,
      source: () => Promise.resolve(source),
      check: async () => {
        if (request.kind === 'files')
          await checkNetwork(
            network,
            options,
            request.files.map(({ label }) => label),
            context,
          );
      },
      request: () => ({ ...teachingOf(options), source: request, network }),
      count: ({ sight: { counts } }) => counts.training + counts.validation + counts.test,
      write: (outcome) => writeLearn(options, network, recipe, outcome),
    },
    context,
  );
}

function recipeOf(options: LearnOptions, network: NetworkDescription): PlainData {
  const { recipe, ...rest } = teachingOf(options);
  const names = (pair: readonly string[] | undefined) => pair?.map((path) => basename(path)) ?? null;
  return { ...rest, ...recipe, network, idx: names(options.idx), testIdx: names(options.testIdx) };
}

/** Files of the transformers and their localisation networks. */
function modelNames({ layers }: NetworkDescription): readonly string[] {
  return transformersIn(nameTransformers(layers)).flatMap(({ name }) => [`${name}.onnx`, `${name}-localisation.onnx`]);
}

async function* writeLearn(
  options: LearnOptions,
  network: NetworkDescription,
  recipe: PlainData,
  { learned, source }: LearningOutcome<LearnedClassifier>,
): AsyncGenerator<SupervisedMessage, readonly string[]> {
  const { seed, out } = options;
  yield { event: 'progress', phase: 'write the report', done: 0, total: 1 };
  const failures = [...source.failures, ...learned.failures].map(({ id, code, reason }) => ({
    file: id,
    code,
    reason,
  }));
  const page = classifierPage({ title: collectionName(source), learned, failures, recipe, seed });
  return await writeAll(resolve(out), {
    [modelName]: learned.model,
    ...Object.fromEntries((learned.alsoLearned ?? []).map(({ name, bytes }) => [name, bytes])),
    'report.html': page,
    'network.json': `${JSON.stringify(settledNetwork(network, options), null, 2)}\n`,
  });
}
