import { describe, expect, it } from 'vitest';
import {
  canLearn,
  doubtOf,
  intervalWords,
  testErrorOf,
  testWords,
} from '../../renderer/screens/models/learn/learn-words.ts';

const shares = { testShare: 0.2, validation: 0.1 };
const classes = (...sizes: number[]) => ({
  classes: sizes.map((images, n) => ({ name: String(n), images })),
  total: sizes.length,
  images: sizes.reduce((sum, size) => sum + size, 0),
  smallest: sizes.length === 0 ? 0 : Math.min(...sizes),
  without: 0,
});

describe('before a training', () => {
  it.each([
    [[], false, /there is none/],
    [[12], false, /all 12 images are of one/],
    [[1, 1], false, /2 images are too few/],
    [[20, 9], true, /smallest class has 9 images/],
    [[20, 10], true, undefined],
  ])('classes of %j images: can be learned from %s, doubt %s', (sizes, can, doubt) => {
    expect(canLearn(classes(...sizes), shares)).toBe(can);
    const said = doubtOf(classes(...sizes), shares);
    if (doubt === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(doubt);
  });
});

describe('after a training', () => {
  const figures = {
    'test error (%)': 8.3333,
    'test error, low end of 95 % interval (%)': 2.32,
    'test error, high end of 95 % interval (%)': 25.85,
    'wrong answers': 2,
    'test examples': 24,
  };

  it('its error and what that means for other images are said in words', () => {
    const error = testErrorOf(figures);
    if (error === undefined) throw new Error('no error was read');
    expect(testWords(error)).toBe(
      'Of 24 images that it had not learned from it named 22 rightly and 2 wrongly: an error of 8.3 %.',
    );
    expect(intervalWords(error)).toBe(
      'For new images of the same kind expect an error between 2.3 % and 25.9 % (95 % confidence). More test images would make this range narrower.',
    );
  });

  it('figures of other runs hold no error', () => {
    expect(testErrorOf({ ...figures, 'wrong answers': null })).toBeUndefined();
  });
});
