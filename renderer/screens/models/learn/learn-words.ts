import type { AnswerOf, Run } from '../../../api/types.ts';
import { counted } from '../../../ui/words.ts';

/** The classes that a training would find. */
export type Classes = AnswerOf<'runs.classes'>;

/** Fewer images of a class teach and test little about it. */
export const enoughOfClass = 10;

/** Whether a training can be started: not without two classes, nor where nothing is left to learn from or to test with. */
export function canLearn(
  { total, images }: Pick<Classes, 'total' | 'images'>,
  { testShare, validation }: { readonly testShare: number; readonly validation: number },
): boolean {
  const tested = Math.round(testShare * images);
  return total >= 2 && tested >= 1 && images - tested - Math.round(validation * images) >= total;
}

/** What is still missing or doubtful of the classes, in a sentence; undefined where all is well. */
export function doubtOf(
  classes: Classes,
  shares: { readonly testShare: number; readonly validation: number },
): string | undefined {
  if (classes.total < 2)
    return `Two classes are needed; ${classes.total === 0 ? 'there is none' : `all ${counted(classes.images, 'image')} are of one`}.`;
  if (!canLearn(classes, shares))
    return `${counted(classes.images, 'image')} are too few for these shares. Add images, or hold back fewer.`;
  if (classes.smallest < enoughOfClass)
    return `The smallest class has ${counted(classes.smallest, 'image')}. With fewer than ${enoughOfClass} the result says little.`;
  return undefined;
}

/** How often a trained network was wrong, as shares of 1. */
export interface TestError {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly wrong: number;
  readonly tested: number;
}

/** The error of a finished training, or undefined where its figures are not there. */
export function testErrorOf(figures: Run['figures']): TestError | undefined {
  const numberOf = (name: string) => (typeof figures[name] === 'number' ? figures[name] : undefined);
  const [share, low, high] = ['', ', low end of 95 % interval', ', high end of 95 % interval'].map((part) =>
    numberOf(`test error${part} (%)`),
  );
  const [wrong, tested] = [numberOf('wrong answers'), numberOf('test examples')];
  if (share === undefined || low === undefined || high === undefined || wrong === undefined || tested === undefined)
    return undefined;
  return { share: share / 100, low: low / 100, high: high / 100, wrong, tested };
}

/** A share as per cent, to a tenth where that says anything: `8.3 %`, `25 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

/** What a test has shown. */
export function testWords({ wrong, tested, share }: TestError): string {
  const right = tested - wrong;
  return `Of ${counted(tested, 'image')} that it had not learned from it named ${right.toLocaleString('en')} rightly and ${wrong.toLocaleString('en')} wrongly: an error of ${percent(share)}.`;
}

/** What that means for other images. */
export function intervalWords({ low, high }: TestError): string {
  const wide = high - low > 0.1 ? ' More test images would make this range narrower.' : '';
  return `For new images of the same kind expect an error between ${percent(low)} and ${percent(high)} (95 % confidence).${wide}`;
}
