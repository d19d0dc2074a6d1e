import { existsSync } from 'node:fs';
import { loadEncoder } from '../../core/features/encoder.ts';
import { encoderExtractor } from '../../core/features/encoder-extractor.ts';
import { openGradientExtractor } from '../../core/features/gradient-extractor.ts';
import { unitToPixel } from '../../core/geometry/frames.ts';
import { multiply, type Matrix3 } from '../../core/geometry/matrix.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { pixelsOf } from '../../core/learn/aligner/agreement.ts';
import type { FeatureSource } from '../../core/learn/aligner/feature-nodes.ts';
import { trainAligner, type TrainedAligner } from '../../core/learn/aligner/train-aligner.ts';
import type { CongealResult } from '../../core/learn/congeal/result.ts';
import { openSession } from '../../core/runtime/session.ts';
import { runCongeal } from '../support/alignment.ts';
import { numberOption, textOption } from '../support/bench-options.ts';
import { type Disturbance, drawFaces, type Face, keypointAccuracy } from '../support/face-sets.ts';
import { hasShared, shared } from '../support/shared.ts';

const people = 60;
const target = 66;
const mobilenet = 'models/mobilenet-v1-pw3.onnx';

/**
 * Aligns faces of 60 people, learns a transformer from the result and runs it, as the ONNX model that is written, over 60
 * other people. PCK is the mean over all ordered pairs of the other people.
 *
 * Arguments: `--seed N`, `--sets clean,hard,any`, `--features gradients,encoder`, `--threads N`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: readonly string[]): Promise<void> {
  if (!hasShared) {
    emit({ bench: 'align-faces-learned', skipped: 'the shared faces are not here' });
    return;
  }
  const seed = numberOption(args, '--seed') ?? 1;
  const threads = numberOption(args, '--threads');
  const sets = (textOption(args, '--sets') ?? 'clean,hard').split(',');
  for (const name of (textOption(args, '--features') ?? 'gradients').split(',')) {
    const source = await openSource(name, threads);
    if (!source) continue;
    for (const set of ['clean', 'hard', 'any'] as const)
      if (sets.includes(set)) emit({ ...(await measure(set, source, seed, threads)), features: name });
    await source.extractor.dispose();
  }
}

async function openSource(name: string, threads: number | undefined): Promise<FeatureSource | undefined> {
  const options = threads === undefined ? {} : { threads };
  if (name !== 'encoder') return { extractor: openGradientExtractor(options) };
  const path = shared(mobilenet);
  if (!existsSync(path)) return undefined;
  const encoder = await loadEncoder(`${path}#features`, options);
  return { extractor: encoderExtractor(encoder, options), encoder };
}

async function measure(
  set: Disturbance,
  source: FeatureSource,
  seed: number,
  threads: number | undefined,
): Promise<Record<string, unknown>> {
  const draw = (skip: number): Promise<Face[]> => drawFaces(set, people, skip, createRandom(seed).fork(`faces ${set}`));
  const [known, others] = [await draw(0), await draw(people)];
  const images = known.map(({ image }) => image);
  const { result, seconds } = await runCongeal(images, {}, { seed, threads, extractor: source.extractor });
  const learned = await learn(images, result, source, seed, threads);
  const applied = await apply(learned.trained.model, others, threads);
  const pck = keypointAccuracy(others, applied.toPixels, 0.1);
  return {
    bench: 'align-faces-learned',
    set,
    seed,
    pckTaught: keypointAccuracy(
      known,
      result.images.map(({ toPixels }) => toPixels),
      0.1,
    ),
    pck,
    pckStrict: keypointAccuracy(others, applied.toPixels, 0.05),
    ...learned.trained.figures,
    alignSeconds: seconds,
    learnSeconds: learned.seconds,
    learnProcessorSeconds: learned.processorSeconds,
    loadSeconds: applied.loadSeconds,
    applyMilliseconds: applied.milliseconds,
    modelBytes: learned.trained.model.length,
    target: { pck: target },
    reached: pck >= target,
  };
}

async function learn(
  images: readonly Face['image'][],
  result: CongealResult,
  features: FeatureSource,
  seed: number,
  threads: number | undefined,
): Promise<{ readonly trained: TrainedAligner; readonly seconds: number; readonly processorSeconds: number }> {
  const started = performance.now();
  const usage = process.cpuUsage();
  const options = { features, family: 'affine' as const, mirror: false, size: 128 };
  const learning = trainAligner(images, result, options, { seed, threads });
  let step = await learning.next();
  while (step.done !== true) step = await learning.next();
  const { user, system } = process.cpuUsage(usage);
  const seconds = Math.round((performance.now() - started) / 10) / 100;
  return { trained: step.value, seconds, processorSeconds: Math.round((user + system) / 1e4) / 100 };
}

async function apply(
  model: Uint8Array,
  faces: readonly Face[],
  threads: number | undefined,
): Promise<{ readonly toPixels: Matrix3[]; readonly loadSeconds: number; readonly milliseconds: number }> {
  const opening = performance.now();
  const session = await openSession(model, threads === undefined ? {} : { threads });
  const started = performance.now();
  const toPixels: Matrix3[] = [];
  for (const { image } of faces) {
    const { theta } = await session.run({ pixels: pixelsOf(image) }, ['theta']);
    const [a, b, x, c, d, y] = Array.from(theta.data, Number);
    toPixels.push(multiply(unitToPixel(image.width, image.height), [a, b, x, c, d, y, 0, 0, 1]));
  }
  const milliseconds = Math.round((performance.now() - started) / faces.length);
  await session.dispose();
  return { toPixels, loadSeconds: Math.round(started - opening) / 1000, milliseconds };
}
