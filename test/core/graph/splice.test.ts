import { describe, expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { sub } from '../../../core/graph/ops/arithmetic.ts';
import { squaredError } from '../../../core/graph/ops/loss.ts';
import { reduceSum } from '../../../core/graph/ops/reduce.ts';
import { sgd } from '../../../core/graph/optimisers.ts';
import { spliceModel, spliceTrainable } from '../../../core/graph/splice.ts';
import { float32, type tensor } from '../../../core/graph/tensor.ts';
import type { Value } from '../../../core/graph/value.ts';
import { openStepper } from '../../../core/runtime/open-stepper.ts';
import { checkGradient } from '../../support/check-gradient.ts';
import { fromTensor } from '../../support/interpreter.ts';
import { writeModel } from '../../support/onnx-writer.ts';
import { smallFile } from '../../support/small-file.ts';

const file = writeModel(smallFile);
const pixels = float32(
  Array.from({ length: 100 }, (_, i) => Math.cos(i)),
  [2, 2, 5, 5],
);

describe('a loaded model', () => {
  test('frozen, lets gradients through to what it reads', () => {
    const build = (g: GraphBuilder): Value => spliceModel(g, file, { x: g.input('x', pixels.shape) })['y'];
    for (const { analytic, numeric } of checkGradient(build, { x: fromTensor(pixels) }, ['x'])) {
      expect(Math.abs(analytic - numeric)).toBeLessThan(1e-5 * Math.max(1, Math.abs(numeric)));
    }
  });

  test('trainable, has gradients toward its weights; statistics, bounds and whole numbers stay as they are', () => {
    const build = (g: GraphBuilder): Value => {
      const { outputs, parameters, initial } = spliceTrainable(
        g,
        file,
        { x: g.input('x', pixels.shape) },
        { prefix: 'net.' },
      );
      expect(Object.keys(parameters)).toEqual(['net.w', 'net.b']);
      expect(Object.keys(initial)).toEqual(['net.w', 'net.b']);
      return outputs['y'];
    };
    const weights = smallFile.constants as unknown as Record<'w' | 'b', ReturnType<typeof tensor>>;
    const feeds = { x: fromTensor(pixels), 'net.w': fromTensor(weights.w), 'net.b': fromTensor(weights.b) };
    for (const { analytic, numeric } of checkGradient(build, feeds, ['x', 'net.w', 'net.b'])) {
      expect(Math.abs(analytic - numeric)).toBeLessThan(1e-5 * Math.max(1, Math.abs(numeric)));
    }
  });

  test('goes on learning, the chosen weights alone', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', pixels.shape);
    const { outputs, parameters, initial } = spliceTrainable(g, file, { x }, { learn: (name) => name === 'b' });
    expect(Object.keys(parameters)).toEqual(['b']);
    const loss = squaredError(g, outputs['y'], g.constant(0.5));
    sgd(g, parameters, backward(g, loss, Object.values(parameters)), { learningRate: g.constant(0.05) });
    g.output('loss', loss);
    const stepper = await openStepper(g.build(), initial, { threads: 1 });
    const losses: number[] = [];
    for (let step = 0; step < 20; step++) losses.push(Number((await stepper.step({ x: pixels }))['loss'].data[0]));
    await stepper.dispose();
    expect(losses[19]).toBeLessThan(0.8 * losses[0]);
  });

  test('twice in one graph, once frozen and once trainable', () => {
    const g = new GraphBuilder();
    const x = g.input('x', pixels.shape);
    const teacher = spliceModel(g, file, { x }, ['y'])['y'];
    const { outputs, parameters } = spliceTrainable(g, file, { x }, { wanted: ['y'], prefix: 'pupil.' });
    const loss = reduceSum(g, sub(g, outputs['y'], teacher));
    expect(backward(g, loss, Object.values(parameters)).map(({ shape }) => shape)).toEqual([[3, 2, 3, 3], [3]]);
  });

  test('says which input does not fit', () => {
    const g = new GraphBuilder();
    const other = g.input('x', [2, 3, 5, 5]);
    expect(() => spliceModel(g, file, { x: other })).toThrow(
      /input 'x' .* is float32 \[n, 2, 5, 5\]; given: float32 \[2, 3, 5, 5\]/,
    );
    expect(() => spliceModel(g, file, { x: g.input('d', pixels.shape, 'float64') })).toThrow(/given: float64/);
    expect(() => spliceModel(g, file, {})).toThrow(/has the inputs x; given: $/);
  });
});
