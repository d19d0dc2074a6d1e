import { finalOf } from './final-of.ts';
import { openEncoder } from '../../core/features/encoder.ts';
import { openGradientExtractor } from '../../core/features/gradient-extractor.ts';
import { trainAligner } from '../../core/learn/aligner/train-aligner.ts';
import { colocalise } from '../../core/learn/colocalise/colocalise.ts';
import { colocalisePhotos } from '../../core/learn/colocalise/photos.ts';
import { knownAlignment } from './known-alignment.ts';
import { drawPatternSet } from './pattern-images.ts';
import { drawPosedBeetles } from './posed-beetles.ts';
import { tinyEncoder } from './tiny-encoder.ts';

/** Runs everything that trains or exports a network on a few drawn images, for tests that look at what is run. */
export async function runEveryLearner(): Promise<void> {
  const { images } = drawPatternSet({ seed: 5, count: 8 });
  for (const objective of ['gain', 'triplet'] as const)
    for (const net of ['heat-map', 'published'] as const)
      await finalOf(colocalise(images, { objectSize: 0.2, objective, net }, { seed: 1, threads: 1 }));
  const { images: photos } = drawPatternSet({ seed: 6, count: 8, width: 96, height: 80 });
  const encoder = await openEncoder(tinyEncoder(), 'tiny.onnx', undefined, { threads: 1 });
  await finalOf(colocalisePhotos(photos, encoder, { objectSize: 'auto' }, { seed: 4, threads: 1 }));
  await encoder.dispose();
  const extractor = openGradientExtractor({ threads: 1 });
  const beetles = drawPosedBeetles(12, 7, 0.6);
  const alignment = await knownAlignment(beetles, extractor, 'affine');
  const options = { features: { extractor }, family: 'affine' as const, mirror: false, size: 64 };
  const effort = { views: 32, steps: 2, batch: 16, learningRate: 3e-3 };
  const works = beetles.map(({ image }) => image);
  await finalOf(trainAligner(works, alignment, { ...options, effort }, { seed: 1, threads: 1 }));
  await extractor.dispose();
}
