import { families, toMatrix } from '../../geometry/families.ts';
import { pixelToUnit } from '../../geometry/frames.ts';
import { canonicalFromPixel, pixelFromUnit } from '../../geometry/interchange.ts';
import { chain, translate, type Matrix3 } from '../../geometry/matrix.ts';
import { isFamilyName } from '../../geometry/warp-family.ts';
import type { Classified } from '../../learn/classify/classify.ts';
import type { FixedExamples } from '../../learn/classify/examples.ts';
import type { Inspector } from '../../learn/classify/inspect.ts';
import type { CollectionImage } from '../collection.ts';
import type { Located } from '../learned.ts';

/**
 * Where the first transformer looked in every image, as the frames that other runs leave: an answer that is wrong is worth
 * a look. Nothing where the network has no transformer on the images themselves or on maps of their resolution.
 */
export async function locateFrames(
  { network, parameters }: Classified,
  inspector: Inspector,
  all: FixedExamples,
  files: readonly CollectionImage[],
  signal: AbortSignal,
): Promise<readonly Located[]> {
  const first = network.transformers.find(({ shown }) => shown?.transformer === null && shown.field.step === 1);
  if (first === undefined || first.shown === null || !isFamilyName(first.family) || files.length === 0) return [];
  const family = families[first.family];
  const { classes } = network;
  const verdict = await inspector.judge(all, parameters, signal);
  const members = Array.from(files.keys());
  const thetas = (await inspector.look(all, members, parameters, [`${first.name}.theta`]))[`${first.name}.theta`];
  const width = thetas.length / files.length;
  const { sampling, input } = first;
  const { offset } = first.shown.field;
  const source = { width: input[2], height: input[1] };
  const frame = { ...source, canonicalAspect: sampling.width / sampling.height };
  /* Unpadded convolutions in front leave a smaller map, whose pixels lie `offset` further in. */
  const squareOf = (theta: Matrix3): Matrix3 =>
    chain(
      pixelToUnit(network.input[2], network.input[1]),
      translate(offset, offset),
      canonicalFromPixel(pixelFromUnit(theta, { source, crop: sampling }, sampling.alignCorners), sampling),
    );
  return files.map(({ id, info }, n) => {
    const theta = Array.from(thetas.subarray(n * width, (n + 1) * width));
    const right = verdict.answers[n] === all.labels[n];
    return {
      id,
      status: right ? 'ok' : 'flagged',
      ...(right ? {} : { reason: `taken for ${all.classes[verdict.answers[n]]}` }),
      canonicalToImage: chain(squareAround(info), squareOf(toMatrix(family, theta, frame))),
      box: null,
      mirrored: false,
      scores: { confidence: verdict.probabilities[n * classes + all.labels[n]] },
    };
  });
}

/** The centred square around an image, [-1, 1], to pixels of the oriented original. */
function squareAround({ width, height }: { readonly width: number; readonly height: number }): Matrix3 {
  const half = Math.max(width, height) / 2;
  return [half, 0, width / 2, 0, half, height / 2, 0, 0, 1];
}
