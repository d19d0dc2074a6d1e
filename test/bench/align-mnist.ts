import { createRandom } from '../../core/geometry/random.ts';
import { median } from '../../core/learn/congeal/scores.ts';
import { runCongeal } from '../support/alignment.ts';
import { drawDigitPairs, pairError } from '../support/digit-pairs.ts';
import { readDigits } from '../support/mnist.ts';
import { numberOption, textOption } from '../support/bench-options.ts';
import { hasShared } from '../support/shared.ts';

const pairs = 30;
const target = { degrees: 1, seconds: 15 };

/**
 * Aligns sets of 60 handwritten digits of one class, 30 digits distorted twice each (±90°, scale, shear, shift), and
 * measures how far apart the two distortions of a digit end.
 *
 * Arguments: `--seed N`, `--digits 0123456789`, `--threads N`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  if (!hasShared) {
    emit({ bench: 'align-mnist', skipped: 'the shared handwritten digits are not here' });
    return;
  }
  const seed = numberOption(args, '--seed') ?? 1;
  const digits = readDigits('train10k');
  const all: number[] = [];
  const times: number[] = [];
  for (const label of Array.from(textOption(args, '--digits') ?? '0123456789', Number)) {
    const set = drawDigitPairs(digits, label, pairs, createRandom(seed).fork(`digit ${label}`));
    const { result, seconds, stages } = await runCongeal(
      set.map(({ image }) => image),
      {},
      { seed, threads: numberOption(args, '--threads') },
    );
    const errors = Array.from({ length: pairs }, (_, pair) => {
      const [a, b] = [2 * pair, 2 * pair + 1].map((n) => ({
        distortion: set[n].distortion,
        toPixels: result.images[n].toPixels,
      }));
      return pairError(a, b);
    });
    const degrees = errors.map((error) => error.degrees);
    all.push(median(degrees));
    times.push(seconds);
    emit({
      bench: 'align-mnist',
      digit: label,
      medianDegrees: median(degrees),
      logScale: median(errors.map((error) => error.logScale)),
      logAnisotropy: median(errors.map((error) => error.logAnisotropy)),
      turnedOver: degrees.filter((error) => error > 90).length / pairs,
      seconds,
      stages,
      reached: median(degrees) <= target.degrees && seconds < target.seconds,
    });
  }
  emit({
    bench: 'align-mnist',
    digit: 'all',
    medianDegrees: median(all),
    worstMedianDegrees: Math.max(...all),
    mostSeconds: Math.max(...times),
    target,
    reached: median(all) <= target.degrees && Math.max(...times) < target.seconds,
  });
}
