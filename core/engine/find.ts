import { resolve } from 'node:path';
import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import type { FindOptions } from '../contract/options.ts';
import { writeBoxesCsv } from '../datasets/boxes-csv.ts';
import { checkFeatures, checkModelFile, hashOfFeatures } from './features.ts';
import type { LearningOutcome } from './run-learning.ts';
import { collectionName, runLearning } from './run-learning.ts';
import type { UseCaseContext } from './use-case.ts';
import { makeRunFiles, writeAll } from './write-report.ts';

const modelName = 'localiser.onnx';
const meanSide = 128;

/** Finds the common object in every image of a folder and writes `boxes.csv`, `report.html` and `localiser.onnx`. */
export async function* find(options: FindOptions, context: UseCaseContext): AsyncGenerator<EngineMessage, DoneMessage> {
  await checkModelFile(options.features);
  const { objectSize, objective, net, features, allowDamaged, optimise } = options;
  const common = { objectSize, objective, net, allowDamaged };
  const recipe = { ...common, features: await hashOfFeatures(features), ...(optimise ? {} : { optimise }) };
  const learning = { ...common, features, optimise };
  return yield* runLearning(
    options,
    {
      kind: 'find',
      recipe,
      modelName,
      leaves: ['boxes.csv', 'report.html', modelName],
      check: () => checkFeatures(features, 'find', context),
      request: ({ files }) => ({ ...learning, files }),
      write: (outcome) => writeFind(options, recipe, outcome),
    },
    context,
  );
}

async function* writeFind(
  { seed, out, allowDamaged }: FindOptions,
  options: Readonly<Record<string, unknown>>,
  outcome: LearningOutcome,
): AsyncGenerator<SupervisedMessage, readonly string[]> {
  const { learned, source } = outcome;
  const title = collectionName(source);
  const { page, failures } = yield* makeRunFiles(
    { kind: 'find', title, seed, options, modelName, orderBy: 'confidence', size: meanSide, allowDamaged },
    outcome,
  );
  const found = learned.located.map((one, n) => ({
    file: one.id,
    width: learned.images[n].info.width,
    height: learned.images[n].info.height,
    box: one.box,
    score: one.scores['confidence'] ?? null,
    reason: one.box === null ? (one.reason ?? 'nothing was found') : '',
  }));
  const unread = failures.map(({ file, reason }) => ({
    file,
    width: null,
    height: null,
    box: null,
    score: null,
    reason,
  }));
  return await writeAll(resolve(out), {
    'boxes.csv': writeBoxesCsv([...found, ...unread]),
    'report.html': page,
    [modelName]: learned.model,
  });
}
