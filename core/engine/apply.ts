import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import type { ApplyOptions } from '../contract/options.ts';
import { writeScoresCsv } from '../datasets/scores-csv.ts';
import { writeTransformsCsv } from '../datasets/transforms-csv.ts';
import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import { readGiven } from './given-file.ts';
import type { LearningOutcome } from './run-learning.ts';
import { runLearning } from './run-learning.ts';
import { signalsOf } from './signals.ts';
import { transformRows } from './transform-rows.ts';
import type { UseCaseContext } from './use-case.ts';
import { writeAll } from './write-report.ts';

/** Runs a learned transformer over the images of a folder and writes `transforms.csv` and `scores.csv`. */
export async function* apply(
  options: ApplyOptions,
  context: UseCaseContext,
): AsyncGenerator<EngineMessage, DoneMessage> {
  const model = await readGiven('--model', options.model);
  const { allowDamaged } = options;
  const modelName = basename(options.model);
  const sum = createHash('sha256').update(model).digest('hex');
  return yield* runLearning(
    { ...options, provider: 'cpu' },
    {
      kind: 'apply',
      recipe: { model: sum, allowDamaged },
      modelName,
      leaves: ['transforms.csv', 'scores.csv'],
      check: async () => {
        const { signal } = context;
        await context.workers.call('check transformer', { model, modelName }, { signal, priority: 'run' });
      },
      request: ({ files }) => ({ files, model, modelName, allowDamaged }),
      write: (outcome) => writeApplied(options.out, outcome),
    },
    context,
  );
}

async function* writeApplied(
  out: string,
  outcome: LearningOutcome,
): AsyncGenerator<SupervisedMessage, readonly string[]> {
  const { located } = outcome.learned;
  yield { event: 'progress', phase: 'write', done: 0, total: 1 };
  const names = signalsOf(located.map(({ scores }) => scores)).map(({ key }) => key);
  const scores = located.map(({ id, scores }) => ({ file: id, scores }));
  return await writeAll(resolve(out), {
    'transforms.csv': writeTransformsCsv(transformRows(outcome)),
    'scores.csv': writeScoresCsv(names, scores),
  });
}
