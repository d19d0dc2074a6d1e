import { CongealError } from '../contract/errors.ts';
import { loadEncoder } from '../features/encoder.ts';
import type { Encoder } from '../features/encoder.ts';
import { encoderExtractor } from '../features/encoder-extractor.ts';
import type { FeatureExtractor } from '../features/feature-maps.ts';
import { openGradientExtractor } from '../features/gradient-extractor.ts';

/** What `--features` names, opened; the encoder is there where it is an ONNX file. */
export interface OpenFeatures {
  readonly extractor: FeatureExtractor;
  readonly encoder?: Encoder | undefined;
  readonly dispose: () => Promise<void>;
}

/** What features are for: finding takes encoders of one square size, alignment those of any. */
export type FeaturesUse = 'find' | 'align';

/** What `--features` calls the features that need no weights. */
export const builtInFeatures = 'gradients';

/**
 * Opens what `--features` names: `gradients`, `FILE.onnx` or `FILE.onnx#output`.
 *
 * **Throws** CongealError `model-invalid` or `model-unsuitable`.
 */
export async function openFeatures(name: string, threads: number, optimise = true): Promise<OpenFeatures> {
  if (name === builtInFeatures) {
    const extractor = openGradientExtractor({ threads, optimise });
    return { extractor, dispose: () => extractor.dispose() };
  }
  const encoder = await loadEncoder(name, { threads });
  const extractor = encoderExtractor(encoder, { threads, optimise });
  return {
    extractor,
    encoder,
    dispose: async () => {
      await extractor.dispose();
      await encoder.dispose();
    },
  };
}

/**
 * Opens what `--features` names and closes it again: what cannot be used is refused before any work begins.
 *
 * **Throws** CongealError `input-missing`, `model-invalid` or `model-unsuitable`.
 */
export async function checkFeatures(name: string, use: FeaturesUse): Promise<void> {
  if (name === builtInFeatures) return;
  const encoder = await loadEncoder(name, { threads: 1 });
  await encoder.dispose();
  if (encoder.fixedSize !== undefined) checkFixedSize(encoder.name, encoder.fixedSize, use);
}

function checkFixedSize(
  name: string,
  { width, height }: { readonly width: number; readonly height: number },
  use: FeaturesUse,
): void {
  const takes = `${name} takes images of ${width} x ${height} pixels only`;
  if (use === 'align')
    throw new CongealError(
      'model-unsuitable',
      `${takes}; alignment describes crops of several sizes. Export it so that height and width may be any, or use the ` +
        'built-in gradients; find can use it as it is.',
    );
  if (width !== height)
    throw new CongealError(
      'model-unsuitable',
      `${takes}; finding objects needs a square input. Export it with both sides equal, or so that they may be any.`,
    );
}
