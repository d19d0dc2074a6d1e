import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../core/geometry/random.ts';
import { wilsonInterval } from '../../../../core/learn/classify/interval.ts';
import { splitByClass } from '../../../../core/learn/classify/split.ts';
import { firstOfEachClass, worstErrors } from '../../../../core/learn/classify/looks.ts';

describe('wilsonInterval', () => {
  it('agrees with published values and stays within 0..1', () => {
    /* R: binom::binom.wilson(c(0, 5, 50), c(10, 10, 100)). */
    expect(wilsonInterval(0, 10).high).toBeCloseTo(0.2775, 4);
    expect(wilsonInterval(5, 10).low).toBeCloseTo(0.2366, 4);
    expect(wilsonInterval(50, 100).high).toBeCloseTo(0.5962, 3);
    expect([wilsonInterval(0, 3).low, wilsonInterval(0, 18).low]).toEqual([0, 0]);
    expect(wilsonInterval(3, 3).high).toBe(1);
    expect(() => wilsonInterval(4, 3)).toThrow(RangeError);
  });
});

describe('splitByClass', () => {
  const labels = Uint16Array.from({ length: 200 }, (_, i) => (i < 150 ? 0 : i % 3));
  it('gives every example one part and every class its share', () => {
    const { training, validation, test } = splitByClass(labels, { validation: 0.1, test: 0.2 }, createRandom(5));
    expect([...training, ...validation, ...test].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
    expect([training.length, validation.length, test.length]).toEqual([140, 20, 40]);
    expect(test.filter((i) => labels[i] === 0)).toHaveLength(33);
  });

  it('follows from its seed', () => {
    const of = (seed: number) => splitByClass(labels, { validation: 0.3, test: 0.3 }, createRandom(seed));
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe('which examples are looked at', () => {
  const labels = Uint16Array.of(0, 1, 0, 1);
  const probabilities = Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.7, 0.3);
  const verdict = { answers: Uint16Array.of(0, 0, 1, 0), probabilities, wrong: 3, loss: 1 };
  it('the wrong ones, the least probable true class first', () => {
    expect(worstErrors(verdict, labels, 2)).toEqual([2, 3]);
  });

  it('the first of each class in turn', () => {
    expect(firstOfEachClass(Uint16Array.of(2, 0, 0, 1, 2), 3, 2)).toEqual([1, 3, 0, 2, 4]);
  });
});
