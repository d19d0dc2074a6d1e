import { CongealError } from '../contract/errors.ts';
import { wrap } from '../graph/tensor.ts';
import type { Checkpoint } from '../learn/checkpoint.ts';

/** What a transformer says of an image. */
export interface Answer {
  /** Its transform, `[2, 3]` in rows. */
  readonly theta: readonly number[];
  readonly score: number | undefined;
}

/** Why there is no answer: the model fails on the image, or there was too little memory for it. */
export type Missed = 'fails' | 'too little memory';

/** How far a transformer has come with the images of a collection. */
export interface Answers {
  /** Of the first images, in their order. */
  readonly answers: (Answer | Missed)[];
  /** Why there was no answer, the first time that there was none. */
  readonly failure: CongealError | undefined;
}

const stage = 'apply';
/** Six numbers of the transform, the score, and which of `marks` it is. */
const columns = 8;
const marks = ['fails', 'answered', 'too little memory'] as const;

/** A state that {@link answersOf} reads. */
export function stateOfAnswers({ answers, failure }: Answers): Checkpoint {
  const rows = answers.flatMap((answer) =>
    typeof answer === 'string'
      ? [...new Array<number>(columns - 1).fill(0), marks.indexOf(answer)]
      : [...answer.theta, answer.score ?? NaN, marks.indexOf('answered')],
  );
  return {
    stage,
    values: { failure: failure?.message ?? null, code: failure?.code ?? null },
    tensors: { answers: wrap('float64', [answers.length, columns], Float64Array.from(rows)) },
  };
}

/** What was answered before; nothing without a state. */
export function answersOf(state: Checkpoint | undefined): Answers {
  if (state === undefined) return { answers: [], failure: undefined };
  const {
    tensors: { answers },
    values: { failure, code },
  } = state;
  const count = answers.shape[0];
  return {
    answers: Array.from({ length: count }, (_, n) => {
      const row = Array.from(answers.data.subarray(n * columns, (n + 1) * columns), Number);
      const mark = marks[row[7]];
      return mark === 'answered' ? { theta: row.slice(0, 6), score: row[6] } : mark;
    }),
    failure:
      typeof failure === 'string'
        ? new CongealError(code === 'unavailable' ? code : 'model-unsuitable', failure)
        : undefined,
  };
}
