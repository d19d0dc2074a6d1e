import { CongealError } from '../contract/errors.ts';
import { wrap } from '../graph/tensor.ts';
import type { Checkpoint } from '../learn/checkpoint.ts';

/** What a transformer says of an image. */
export interface Answer {
  /** Its transform, `[2, 3]` in rows. */
  readonly theta: readonly number[];
  readonly score: number | undefined;
}

/** How far a transformer has come with the images of a collection. */
export interface Answers {
  /** Of the first images, in their order; undefined where the model fails on the image. */
  readonly answers: (Answer | undefined)[];
  /** Why the model failed, the first time that it did. */
  readonly failure: CongealError | undefined;
}

const stage = 'apply';
/** Six numbers of the transform, the score, and 1 where there is an answer. */
const columns = 8;

/** A state that {@link answersOf} reads. */
export function stateOfAnswers({ answers, failure }: Answers): Checkpoint {
  const rows = answers.flatMap((answer) =>
    answer === undefined ? new Array<number>(columns).fill(0) : [...answer.theta, answer.score ?? NaN, 1],
  );
  return {
    stage,
    values: { failure: failure?.message ?? null },
    tensors: { answers: wrap('float64', [answers.length, columns], Float64Array.from(rows)) },
  };
}

/** What was answered before; nothing without a state. */
export function answersOf(state: Checkpoint | undefined): Answers {
  if (state === undefined) return { answers: [], failure: undefined };
  const {
    tensors: { answers },
    values: { failure },
  } = state;
  const count = answers.shape[0];
  return {
    answers: Array.from({ length: count }, (_, n) => {
      const row = Array.from(answers.data.subarray(n * columns, (n + 1) * columns), Number);
      return row[7] === 1 ? { theta: row.slice(0, 6), score: row[6] } : undefined;
    }),
    failure: typeof failure === 'string' ? new CongealError('model-unsuitable', failure) : undefined,
  };
}
