import { existsSync, readdirSync } from 'node:fs';
import { loadEncoder } from '../../core/features/encoder.ts';
import { encoderExtractor } from '../../core/features/encoder-extractor.ts';
import type { FeatureExtractor } from '../../core/features/feature-maps.ts';
import { wholeImageToPixels } from '../../core/learn/congeal/views.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { runCongeal } from '../support/alignment.ts';
import { numberOption, textOption } from '../support/bench-options.ts';
import { type Disturbance, drawFaces, keypointAccuracy, loadWorkImage } from '../support/face-sets.ts';
import { hasShared, shared } from '../support/shared.ts';

type Emit = (figure: Record<string, unknown>) => void;

const people = 60;
const targets = { clean: 70, hard: 68, any: 66 } as const;
const longest = 60;
const mobilenet = 'models/mobilenet-v1-pw3.onnx';

/**
 * Aligns faces of 60 people, as they are (clean), disturbed (hard) and at any rotation, with features that need no
 * weights and with an encoder; then flags 10 raccoons among 50 faces. PCK is the mean over all ordered pairs.
 *
 * Arguments: `--seed N`, `--sets clean,hard,any,intruders`, `--features gradients,encoder`, `--threads N`.
 */
export async function run(emit: Emit, args: string[]): Promise<void> {
  if (!hasShared) {
    emit({ bench: 'align-faces', skipped: 'the shared faces are not here' });
    return;
  }
  const seed = numberOption(args, '--seed') ?? 1;
  const threads = numberOption(args, '--threads');
  const sets = (textOption(args, '--sets') ?? 'clean,hard,any,intruders').split(',');
  for (const features of (textOption(args, '--features') ?? 'gradients,encoder').split(',')) {
    const extractor = features === 'encoder' ? await openEncoderExtractor(threads) : undefined;
    if (features === 'encoder' && extractor === undefined) continue;
    for (const set of ['clean', 'hard', 'any'] as const)
      if (sets.includes(set)) await alignFaces(emit, set, features, seed, threads, extractor);
    if (sets.includes('intruders')) await findIntruders(emit, features, seed, threads, extractor);
  }
}

async function openEncoderExtractor(threads: number | undefined): Promise<FeatureExtractor | undefined> {
  const path = shared(mobilenet);
  const options = threads === undefined ? {} : { threads };
  return existsSync(path) ? encoderExtractor(await loadEncoder(`${path}#features`, options), options) : undefined;
}

async function alignFaces(
  emit: Emit,
  set: Disturbance,
  features: string,
  seed: number,
  threads: number | undefined,
  extractor: FeatureExtractor | undefined,
): Promise<void> {
  const faces = await drawFaces(set, people, 0, createRandom(seed).fork(`faces ${set}`));
  const images = faces.map(({ image }) => image);
  const { result, seconds, stages, longestSilence } = await runCongeal(images, {}, { seed, threads, extractor });
  const toPixels = result.images.map((image) => image.toPixels);
  const good = result.images.flatMap((image, n) => (image.scores.rank >= 0.2 ? [n] : []));
  const pck = keypointAccuracy(faces, toPixels, 0.1);
  emit({
    bench: 'align-faces',
    set,
    features,
    seed,
    unaligned: keypointAccuracy(faces, images.map(wholeImageToPixels), 0.1),
    pck,
    pckStrict: keypointAccuracy(faces, toPixels, 0.05),
    pckBest80: keypointAccuracy(
      good.map((n) => faces[n]),
      good.map((n) => toPixels[n]),
      0.1,
    ),
    flagged: result.images.filter((image) => image.status === 'flagged').length,
    concentration: result.concentration,
    seconds,
    longestSilence,
    stages,
    target: { pck: targets[set], seconds: longest },
    reached: pck >= targets[set] && seconds < longest,
  });
}

async function findIntruders(
  emit: Emit,
  features: string,
  seed: number,
  threads: number | undefined,
  extractor: FeatureExtractor | undefined,
): Promise<void> {
  const random = createRandom(seed).fork('intruders');
  const faces = await drawFaces('clean', 50, 0, random);
  const files = readdirSync(shared('data/raccoon/images')).sort();
  const intruders = [];
  for (const file of random.shuffle(files).slice(0, 10))
    intruders.push(await loadWorkImage(file, shared(`data/raccoon/images/${file}`)));
  const images = [...faces.map(({ image }) => image), ...intruders];
  const { result, seconds } = await runCongeal(images, {}, { seed, threads, extractor });
  const flagged = result.images.map((image) => image.status === 'flagged');
  const found = flagged.slice(50).filter(Boolean).length;
  const wrong = flagged.slice(0, 50).filter(Boolean).length;
  emit({
    bench: 'align-faces',
    set: 'intruders',
    features,
    seed,
    found,
    wrong,
    seconds,
    target: { found: 9, wrong: 1 },
    reached: found >= 9 && wrong <= 1,
  });
}
