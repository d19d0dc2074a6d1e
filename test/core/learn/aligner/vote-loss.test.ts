import { expect, test } from 'vitest';
import { identity3 } from '../../../../core/geometry/matrix.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { targetLength, voteLoss, writeTarget } from '../../../../core/learn/aligner/vote-loss.ts';
import { checkGradient } from '../../../support/check-gradient.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { interpret } from '../../../support/interpreter.ts';

const [images, votes] = [2, 9];

function lossGraph(g: GraphBuilder, dtype: 'float32' | 'float64' = 'float64') {
  const confidence = g.input('confidence', [images, 1, votes], dtype);
  const places = g.input('places', [images, 6, votes], dtype);
  return voteLoss(g, { confidence, places }, g.input('targets', [images, targetLength, 1], dtype));
}

function truth(): Float64Array {
  const targets = new Float32Array(images * targetLength);
  for (let n = 0; n < images; n++)
    writeTarget([0.9, -0.1, 0.2, 0.1, 0.9, -0.3 + n, 0, 0, 1], targets, n * targetLength);
  return Float64Array.from(targets);
}

test('the loss slopes as finite differences say', () => {
  const random = createRandom(3);
  const feeds = {
    confidence: numbers([images, 1, votes], () => random.normal()),
    places: numbers([images, 6, votes], () => 0.4 * random.normal()),
    targets: { shape: [images, targetLength, 1], data: truth() },
  };
  for (const { analytic, numeric } of checkGradient((g) => lossGraph(g), feeds, ['confidence', 'places']))
    expect(analytic).toBeCloseTo(numeric, 5);
});

test('one right and sure vote is enough, however wrong the others are', () => {
  const places = numbers([images, 6, votes], () => 5);
  for (let n = 0; n < images; n++)
    [0.9, -0.1, 0.1, 0.9, 0.2, -0.3 + n].forEach((value, k) => {
      places.data[(n * 6 + k) * votes + 4] = value;
    });
  const lossOf = (sure: number): number => {
    const g = new GraphBuilder();
    g.output('loss', lossGraph(g));
    const confidence = numbers([images, 1, votes], (i) => (i % votes === sure ? 20 : 0));
    const targets = { shape: [images, targetLength, 1], data: truth() };
    return interpret(g.build(), { confidence, places, targets })['loss'].data[0];
  };
  expect(lossOf(4)).toBeLessThan(0.05);
  expect(lossOf(3)).toBeGreaterThan(15);
});

test('targets are where the warp takes nine points', () => {
  const target = new Float32Array(targetLength);
  writeTarget(identity3, target, 0);
  expect([target[0], target[8], target[9], target[17]]).toEqual([-0.7, 0.7, -0.7, 0.7].map(Math.fround));
});

function numbers(shape: number[], value: (index: number) => number) {
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length }, (_, i) => value(i)) };
}
