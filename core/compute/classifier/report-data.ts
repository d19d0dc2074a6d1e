import type { Point } from '../../geometry/units.ts';
import type { EpochRecord } from '../../learn/classify/epochs.ts';
import type { ShareInterval } from '../../learn/classify/interval.ts';

/** A picture as a PNG `data:` address, and its size in pixels. */
export interface SightPicture {
  readonly source: string;
  readonly width: number;
  readonly height: number;
}

/** What one transformer did with one example. */
export interface SightLook {
  readonly transformer: string;
  /** Outline of the crop in pixels of the example's picture; null where it has no one place there. */
  readonly outline: readonly Point[] | null;
  readonly crop: SightPicture;
}

/** One example, its class, the answer, and where the network looked. */
export interface SightExample {
  /** File of the collection, or the number of the example in its file. */
  readonly name: string;
  readonly label: string;
  readonly answer: string;
  /** Probability that the network gave to the true class, and to its answer. */
  readonly probability: number;
  readonly answerProbability: number;
  readonly picture: SightPicture;
  readonly looks: readonly SightLook[];
}

/** A transformer of the trained network. */
export interface SightTransformer {
  readonly name: string;
  readonly family: string;
  /** What it looks at and what it cuts out, in words: `1 x 28 x 28`. */
  readonly input: string;
  readonly output: string;
  /** One per number of theta. */
  readonly parameterNames: readonly string[];
  /** Mean crop of each class; null for a class without test examples. */
  readonly meanCrops: readonly (SightPicture | null)[];
}

/** Everything that a report shows of a trained classifier. */
export interface ClassifierSight {
  readonly classes: readonly string[];
  readonly counts: { readonly training: number; readonly validation: number; readonly test: number };
  readonly parameterCount: number;
  readonly testError: ShareInterval & { readonly wrong: number };
  readonly testLoss: number;
  readonly epochs: readonly EpochRecord[];
  readonly keptEpoch: number;
  readonly stoppedEarly: boolean;
  /** Rows are true classes, columns answers. */
  readonly confusion: readonly (readonly number[])[];
  readonly worst: readonly SightExample[];
  readonly typical: readonly SightExample[];
  readonly meanInputs: readonly (SightPicture | null)[];
  readonly transformers: readonly SightTransformer[];
  /** Largest difference between each written model, run in a session of its own, and the trained network. */
  readonly differences: Readonly<Record<string, number>>;
}
