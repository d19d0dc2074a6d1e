import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { FeaturesUse } from '../compute/features.ts';
import { CongealError } from '../contract/errors.ts';
import { readGiven } from './given-file.ts';
import type { UseCaseContext } from './use-case.ts';

/** The file that `--features` names: `FILE.onnx` or `FILE.onnx#output`; undefined for the built-in gradients. */
function modelFile(features: string): string | undefined {
  return features === 'gradients' ? undefined : features.replace(/#[^#/\\]*$/, '');
}

/**
 * Looks at what `--features` names before any work begins.
 *
 * **Throws** CongealError `usage` when it is neither `gradients` nor an ONNX file, `input-missing` when there is no such file.
 */
export async function checkModelFile(features: string): Promise<void> {
  const file = modelFile(features);
  if (file === undefined) return;
  if (!file.endsWith('.onnx')) {
    await refuseFolder(file);
    throw new CongealError(
      'usage',
      `--features: found '${features}', expected gradients, FILE.onnx or FILE.onnx#output.`,
    );
  }
  await readGiven('--features', file);
}

async function refuseFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) return;
  throw new CongealError(
    'usage',
    `--features: ${path} is a folder, expected gradients, FILE.onnx or FILE.onnx#output. Name a file in it.`,
  );
}

/** What a recipe says of the features: their name, and for a model the SHA-256 of its file and the output taken. */
export async function hashOfFeatures(features: string): Promise<string> {
  const file = modelFile(features);
  if (file === undefined) return features;
  const sum = createHash('sha256')
    .update(await readGiven('--features', file))
    .digest('hex');
  return `${features.slice(file.length) || '#first output'} of the model with SHA-256 ${sum}`;
}

/**
 * Has what `--features` names opened once: what cannot be used is refused before any work begins.
 *
 * **Throws** CongealError `input-missing`, `model-invalid` or `model-unsuitable`.
 */
export async function checkFeatures(
  features: string,
  use: FeaturesUse,
  { workers, signal }: UseCaseContext,
): Promise<void> {
  if (modelFile(features) !== undefined)
    await workers.call('check features', { features, use }, { signal, priority: 'run' });
}
