import type { WorkImage } from '../../core/features/work-image.ts';
import { type Box, iou } from '../../core/geometry/boxes.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { applyLocaliser } from '../../core/learn/colocalise/apply-localiser.ts';
import { colocalise, type ColocaliseOptions, type ColocaliseResult } from '../../core/learn/colocalise/colocalise.ts';
import { searchPattern } from '../../core/learn/colocalise/pattern-search.ts';
import { hitSquares, squareBox } from '../../core/learn/colocalise/places.ts';
import { frameOf } from '../../core/learn/colocalise/size-rule.ts';
import { describeWork } from '../../core/learn/colocalise/work-maps.ts';
import { finalOf } from '../support/final-of.ts';
import { type DigitSet, type DigitSetOptions, drawDigitSet, readDigits } from '../support/mnist.ts';
import { hasShared } from '../support/shared.ts';

type Emit = (figure: Record<string, unknown>) => void;

const count = 100;
const cluttered = 16;
const scaleRange = [0.7, 1.35] as const;
const sets = [
  { name: 'T', clutter: 0 },
  { name: 'TC', clutter: cluttered },
  { name: 'TC scaled', clutter: cluttered, scale: scaleRange },
] as const;

interface Tally {
  readonly correct: number[];
  readonly overlap: number[];
  readonly seconds: number[];
}

/**
 * Finds handwritten digits in 84 x 84 images: ten classes of 100, plain (T), with clutter (TC) and of different sizes;
 * by search, by the learned network, on the set itself and on 100 fresh images. Success is IoU above one half.
 *
 * Arguments: `--seed N`, `--digits 0123456789`, `--threads N`, `--published` to train the published layers too,
 * `--triplet` to go on from the learned network with the published loss.
 */
export async function run(emit: Emit, args: string[]): Promise<void> {
  if (!hasShared) {
    emit({ bench: 'find-mnist', skipped: 'the shared handwritten digits are not here' });
    return;
  }
  const seed = Number(option(args, '--seed') ?? 1);
  const threads = Number(option(args, '--threads') ?? 0) || undefined;
  const digits = Array.from(option(args, '--digits') ?? '0123456789', Number);
  const [train, test] = [readDigits('train10k'), readDigits('t5k')];
  for (const set of sets) {
    const tallies = new Map<string, Tally>();
    for (const digit of digits) {
      const random = createRandom(1000 * seed + digit).fork(set.name);
      const options: DigitSetOptions = {
        digit,
        count,
        clutter: set.clutter,
        ...('scale' in set && { scale: set.scale }),
      };
      const drawn = drawDigitSet(train, options, random);
      const fresh = drawDigitSet(test, options, random);
      record(emit, tallies, set.name, digit, 'search', await searched(drawn, seed, threads), drawn.truth);
      for (const { label, ...recipe } of recipes(args, set.name)) {
        const started = performance.now();
        const { result, learning } = await learned(drawn.images, recipe, seed, threads);
        const boxes = result.images.map(({ box }) => box);
        const seconds = (performance.now() - started) / 1000;
        record(emit, tallies, set.name, digit, label, { boxes, seconds }, drawn.truth, {
          ...figuresOf(result),
          learning,
        });
        const again = (await finalOf(applyLocaliser(result.model, fresh.images, { ...(threads && { threads }) }))).map(
          ({ box }) => box,
        );
        record(emit, tallies, set.name, digit, `${label}, fresh images`, { boxes: again, seconds: 0 }, fresh.truth);
      }
    }
    for (const [what, tally] of tallies) emit(summary(set.name, what, tally));
  }
}

/** Targets by set and kind: mean share of correct boxes, of the weakest digit, mean IoU, seconds per set. */
const targets: Readonly<Partial<Record<string, { mean: number; least?: number; overlap?: number; seconds?: number }>>> =
  {
    'T search': { mean: 1, least: 1, overlap: 0.8, seconds: 3 },
    'TC search': { mean: 0.99, overlap: 0.8, seconds: 3 },
    'TC scaled search': { mean: 0.88, seconds: 6 },
    'T default': { mean: 1, least: 1 },
    'TC default': { mean: 0.99 },
    'TC scaled default': { mean: 0.88 },
    'T default, fresh images': { mean: 0.99 },
    'TC default, fresh images': { mean: 0.98, least: 0.93 },
  };

type Recipe = Pick<ColocaliseOptions, 'net' | 'objective'>;

/** What is learned on a set, the default first. Where sizes differ the search takes over from every network. */
function recipes(args: readonly string[], set: string): (Recipe & { readonly label: string })[] {
  const others = [
    { label: 'published', net: 'published', objective: 'gain' },
    { label: 'triplet', net: 'heat-map', objective: 'triplet' },
  ] as const;
  return [
    { label: 'default', net: 'heat-map', objective: 'gain' },
    ...others.filter(({ label }) => args.includes(`--${label}`) && set !== 'TC scaled'),
  ];
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

interface Found {
  readonly boxes: readonly (Box | null)[];
  readonly seconds: number;
}

async function searched({ images }: DigitSet, seed: number, threads: number | undefined): Promise<Found> {
  const options = threads ? { threads } : {};
  const started = performance.now();
  const maps = await finalOf(describeWork(images, options));
  const pattern = await finalOf(searchPattern(maps, createRandom(seed), options));
  const frame = frameOf(pattern.prototype, maps.levels[0].channels, pattern.window);
  const boxes = hitSquares(pattern, frame, maps).map((square, n) => squareBox(square, images[n]));
  return { boxes, seconds: (performance.now() - started) / 1000 };
}

async function learned(
  images: readonly WorkImage[],
  recipe: Recipe,
  seed: number,
  threads: number | undefined,
): Promise<{ result: ColocaliseResult; learning: number }> {
  const steps = colocalise(images, { objectSize: 'auto', ...recipe }, { seed, threads });
  let [first, last] = [0, 0];
  let step = await steps.next();
  while (!step.done) {
    if (step.value.kind === 'progress' && step.value.phase === 'search') first = performance.now();
    if (step.value.kind === 'progress' && step.value.phase === 'learn') last = performance.now();
    step = await steps.next();
  }
  return { result: step.value, learning: (last - first) / 1000 };
}

function figuresOf({ method, figures }: ColocaliseResult): Record<string, unknown> {
  return { method, ...figures };
}

function record(
  emit: Emit,
  tallies: Map<string, Tally>,
  set: string,
  digit: number,
  what: string,
  { boxes, seconds }: Found,
  truth: readonly Box[],
  more: Record<string, unknown> = {},
): void {
  const overlaps = boxes.map((box, n) => (box ? iou(box, truth[n]) : 0));
  const correct = overlaps.filter((value) => value > 0.5).length / truth.length;
  const tally = tallies.get(what) ?? { correct: [], overlap: [], seconds: [] };
  tallies.set(what, tally);
  tally.correct.push(correct);
  tally.overlap.push(average(overlaps));
  tally.seconds.push(seconds);
  emit({ bench: 'find-mnist', set, digit, what, correct, meanIou: average(overlaps), seconds, ...more });
}

function summary(set: string, what: string, { correct, overlap, seconds }: Tally): Record<string, unknown> {
  const found = {
    correct: average(correct),
    least: Math.min(...correct),
    meanIou: average(overlap),
    seconds: average(seconds),
  };
  const target = targets[`${set} ${what}`];
  if (target === undefined) return { bench: 'find-mnist', set, mean: what, ...found };
  const reached =
    found.correct >= target.mean - 1e-9 &&
    found.least >= (target.least ?? 0) - 1e-9 &&
    found.meanIou >= (target.overlap ?? 0) &&
    (target.seconds === undefined || found.seconds <= target.seconds);
  return { bench: 'find-mnist', set, mean: what, ...found, target, reached };
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}
