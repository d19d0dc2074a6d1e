import { expect, test, vi } from 'vitest';
import { alignOptions, findOptions } from '../../../core/contract/options.ts';
import { colocalise } from '../../../core/learn/colocalise/colocalise.ts';
import { congeal } from '../../../core/learn/congeal/congeal.ts';
import type * as Native from '../../../core/runtime/native.ts';
import { drawPatternSet } from '../../support/pattern-images.ts';

const seen = vi.hoisted((): (boolean | undefined)[] => []);

vi.mock('../../../core/runtime/native.ts', async (original) => {
  const real = await original<typeof Native>();
  const openNative: typeof real.openNative = (model, options, ...rest) => {
    seen.push(options.optimise);
    return real.openNative(model, options, ...rest);
  };
  return { ...real, openNative };
});

test('graphs are simplified unless that is switched off, and then none is', async () => {
  const { images } = drawPatternSet({ seed: 1, count: 6 });
  const options = { objectSize: 0.2, objective: 'gain', net: 'heat-map' } as const;
  for (const optimise of [undefined, false]) {
    seen.length = 0;
    const context = { seed: 1, threads: 1, optimise };
    for (const learning of [colocalise(images, options, context), congeal(images, {}, context)]) {
      for (let events = 0; events < 8; events++) await learning.next();
      await learning.return(undefined as never);
    }
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every((found) => found === (optimise ?? true))).toBe(true);
  }
});

test('commands simplify by default', () => {
  expect(findOptions.parse({ folder: 'in', out: 'out' }).optimise).toBe(true);
  expect(alignOptions.parse({ folder: 'in', out: 'out', optimise: false }).optimise).toBe(false);
});
