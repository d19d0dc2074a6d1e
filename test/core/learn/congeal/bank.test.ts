import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGradientExtractor } from '../../../../core/features/gradient-extractor.ts';
import { describeEntries, type Searcher } from '../../../../core/learn/congeal/bank.ts';
import { createCorrelator, type Correlator } from '../../../../core/learn/congeal/correlator.ts';
import { createDescriber, type Describer } from '../../../../core/learn/congeal/describe.ts';
import { searchGrid } from '../../../../core/learn/congeal/search.ts';
import { createView, wholeImage } from '../../../../core/learn/congeal/views.ts';
import { drawPosedBeetles } from '../../../support/posed-beetles.ts';

const cells = 24;
const channels = 48;

describe('the bank of an image', () => {
  const extractor = openGradientExtractor({ threads: 1 });
  const views = drawPosedBeetles(3, 7, 0.6).map(({ image }) => createView(image, false, wholeImage(image)));
  let describer: Describer;
  let correlator: Correlator;

  beforeAll(async () => {
    describer = await createDescriber(extractor, views, undefined, { threads: 1 });
    correlator = await createCorrelator({ reach: 5, step: 1 }, channels, cells, { threads: 1 });
  });
  afterAll(async () => {
    await correlator.dispose();
    await extractor.dispose();
  });

  test('made of quarter turns is the one that is described entry by entry, mirrored too', async () => {
    const grid = searchGrid(Math.PI, true);
    const searcher: Searcher = { describer, correlator, coarse: correlator, grid, cells, channels };
    const { projectTurns, ...plain } = extractor;
    expect(projectTurns).toBeDefined();
    const turned = await describeEntries(searcher, views[1]);
    const each = await describeEntries({ ...searcher, describer: { ...describer, extractor: plain } }, views[1]);
    const differences = turned.map((value, i) => Math.abs(value - each[i]));
    expect(differences.reduce((a, b) => Math.max(a, b), 0)).toBeLessThanOrEqual(1);
    expect(differences.filter((difference) => difference > 0).length).toBeLessThan(1e-4 * turned.length);
    expect(new Set(turned).size).toBeGreaterThan(50);
  });
});
