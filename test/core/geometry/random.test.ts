import { describe, expect, it } from 'vitest';
import { createRandom, restoreRandom } from '../../../core/geometry/random.ts';

describe('a random stream', () => {
  it('depends on its seed alone', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return [random.uniform(), random.normal(), random.integer(1000)];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(0.5)).not.toEqual(draw(0));
    expect(createRandom(1).uniform()).toBe(0.5909629910010127);
  });

  it('goes on from its state, in the middle of a pair of normal numbers too', () => {
    const random = createRandom(7);
    random.normal();
    const copy = restoreRandom(random.state());
    const rest = (of: typeof random): number[] => [of.normal(), of.normal(), of.uniform(), of.fork('x').uniform()];
    expect(rest(copy)).toEqual(rest(random));
    expect(() => restoreRandom([1, 2])).toThrow('7 finite numbers');
  });

  it('forks by label, however much was drawn', () => {
    const random = createRandom(7);
    const first = random.fork('a').uniform();
    random.normal();
    expect(random.fork('a').uniform()).toBe(first);
    expect(random.fork('b').uniform()).not.toBe(first);
    expect(random.fork('a').fork('a').uniform()).not.toBe(first);
  });

  it('has the moments of its distributions', () => {
    const random = createRandom(11);
    const count = 40_000;
    const moments = (draw: () => number): [number, number] => {
      let [sum, squares] = [0, 0];
      for (let i = 0; i < count; i++) {
        const value = draw();
        sum += value;
        squares += value * value;
      }
      return [sum / count, squares / count - (sum / count) ** 2];
    };
    const [mean, variance] = moments(() => random.normal());
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    const [centre, spread] = moments(() => random.uniform(-1, 3));
    expect(Math.abs(centre - 1)).toBeLessThan(0.03);
    expect(Math.abs(spread - 16 / 12)).toBeLessThan(0.03);
  });

  it('shuffles and picks without losing anything', () => {
    const random = createRandom(3);
    const items = ['a', 'b', 'c', 'd', 'e'];
    const counts = new Map<string, number>();
    for (let i = 0; i < 5000; i++) {
      const first = random.shuffle(items)[0];
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    expect(random.shuffle(items).sort()).toEqual(items);
    for (const item of items) expect(Math.abs((counts.get(item) ?? 0) - 1000)).toBeLessThan(120);
    expect(items).toContain(random.pick(items));
  });
});
