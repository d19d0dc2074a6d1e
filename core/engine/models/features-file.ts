import type { FindRun } from '../../contract/recipes.ts';
import { CongealError } from '../../contract/errors.ts';
import type { Engine } from '../engine.ts';
import { learnedModelRow } from './model-ids.ts';
import { programModel } from './program-models.ts';

/** What describes the images, as jobs are asked for it, and of a model its hash. */
export interface FeaturesFile {
  /** `gradients`, `FILE.onnx` or `FILE.onnx#output`. */
  readonly file: string;
  readonly sha256?: string;
}

/**
 * What jobs call the features that were chosen.
 *
 * **Throws** CongealError `not-found` for a model that is not there, `unsupported` for one that a run learned.
 */
export function featuresFile(engine: Pick<Engine, 'stateFolder'>, features: FindRun['features']): FeaturesFile {
  if (features === 'gradients') return { file: features };
  if (learnedModelRow(features.model) !== undefined)
    throw new CongealError(
      'unsupported',
      'A model that a run learned cannot describe images. Choose an imported encoder.',
    );
  const { path, sha256 } = programModel(engine, features.model);
  return { file: features.output === undefined ? path : `${path}#${features.output}`, sha256 };
}
