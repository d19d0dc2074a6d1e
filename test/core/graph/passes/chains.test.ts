import { describe, expect, test } from 'vitest';
import { cutChains } from '../../../../core/graph/passes/cut-chains.ts';
import { reshapeChains } from '../../../../core/graph/passes/reshape-chains.ts';
import { scalarChains } from '../../../../core/graph/passes/scalar-chains.ts';
import { transposeChains } from '../../../../core/graph/passes/transpose-chains.ts';
import { add, div, mul, sub } from '../../../../core/graph/ops/arithmetic.ts';
import { exp, neg, relu } from '../../../../core/graph/ops/elementwise.ts';
import { flatten, reshape, slice, squeeze, transpose, unsqueeze } from '../../../../core/graph/ops/movement.ts';
import { shapeOf } from '../../../../core/graph/ops/run-time-shape.ts';
import { pad } from '../../../../core/graph/ops/padding.ts';
import { opsAfter } from './pass-check.ts';

describe('reshape chains', () => {
  test('the last shape is enough', () => {
    const ops = opsAfter(reshapeChains, [2, 3, 4], (g, x) =>
      reshape(g, unsqueeze(g, reshape(g, x, [6, 4]), [1]), [3, 8]),
    );
    expect(ops).toEqual(['Reshape']);
  });

  test('a way back to the first shape is no way', () => {
    const ops = opsAfter(reshapeChains, [2, 3, 4], (g, x) => relu(g, reshape(g, flatten(g, x), [2, 3, 4])));
    expect(ops).toEqual(['Relu']);
  });

  test('a transposition that moves nothing is a reshape', () => {
    expect(opsAfter(reshapeChains, [2, 1, 4], (g, x) => transpose(g, x, [1, 0, 2]))).toEqual(['Reshape']);
    expect(opsAfter(reshapeChains, [2, 1, 4], (g, x) => squeeze(g, transpose(g, x, [1, 0, 2]), [0]))).toEqual([
      'Reshape',
    ]);
    expect(opsAfter(reshapeChains, [2, 3, 4], (g, x) => transpose(g, x, [1, 0, 2]))).toEqual(['Transpose']);
  });

  test('with an open axis only a shape without 0 may stand alone', () => {
    const open = { 0: 'n' };
    expect(opsAfter(reshapeChains, [2, 3, 4], (g, x) => reshape(g, reshape(g, x, [0, 12]), [-1, 6]), open)).toEqual([
      'Reshape',
    ]);
    expect(
      opsAfter(reshapeChains, [2, 3, 4], (g, x) => reshape(g, reshape(g, x, [-1, 6]), [0, 2, 3]), open),
    ).toHaveLength(2);
    const back = opsAfter(
      reshapeChains,
      [2, 6],
      (g, x) => relu(g, g.node('Reshape', [relu(g, x), shapeOf(g, x)])),
      open,
    );
    expect(back).toEqual(['Relu', 'Shape', 'Reshape', 'Relu']);
  });
});

describe('transpose chains', () => {
  test('two are one, or none', () => {
    expect(opsAfter(transposeChains, [2, 3, 4], (g, x) => transpose(g, transpose(g, x, [1, 2, 0]), [1, 0, 2]))).toEqual(
      ['Transpose'],
    );
    expect(
      opsAfter(transposeChains, [2, 3, 4], (g, x) => relu(g, transpose(g, transpose(g, x, [1, 2, 0]), [2, 0, 1]))),
    ).toEqual(['Relu']);
    expect(
      opsAfter(transposeChains, [2, 3], (g, x) => relu(g, g.node('Transpose', [g.node('Transpose', [x])]))),
    ).toEqual(['Relu']);
  });
});

describe('scalar chains', () => {
  test('factors in a row are one factor', () => {
    expect(opsAfter(scalarChains, [5], (g, x) => div(g, mul(g, 3, mul(g, x, 2)), 4))).toEqual(['Mul']);
    expect(opsAfter(scalarChains, [5], (g, x) => neg(g, mul(g, x, 2)))).toEqual(['Mul']);
    expect(opsAfter(scalarChains, [5], (g, x) => mul(g, neg(g, x), 2))).toEqual(['Mul']);
  });

  test('numbers at the edge of what float32 holds stay apart', () => {
    expect(opsAfter(scalarChains, [5], (g, x) => mul(g, mul(g, x, 1e-30), 1e30))).toEqual(['Mul', 'Mul']);
  });

  test('a minus sign goes into the sum beside it', () => {
    expect(opsAfter(scalarChains, [5], (g, x) => add(g, exp(g, x), neg(g, x)))).toEqual(['Exp', 'Sub']);
    expect(opsAfter(scalarChains, [5], (g, x) => add(g, neg(g, x), exp(g, x)))).toEqual(['Exp', 'Sub']);
    expect(opsAfter(scalarChains, [5], (g, x) => sub(g, exp(g, x), neg(g, x)))).toEqual(['Exp', 'Add']);
    expect(opsAfter(scalarChains, [5], (g, x) => sub(g, neg(g, x), exp(g, x)))).toEqual(['Neg', 'Exp', 'Sub']);
  });
});

describe('cut chains', () => {
  test('slices along different axes are one', () => {
    const ops = opsAfter(cutChains, [5, 6], (g, x) =>
      slice(g, slice(g, x, { axes: [1], starts: [-4], ends: [99], steps: [2] }), {
        axes: [-2],
        starts: [-1],
        ends: [-9],
        steps: [-1],
      }),
    );
    expect(ops).toEqual(['Slice']);
  });

  test('slices along one axis stay two', () => {
    const twice = [1, 2];
    const ops = opsAfter(cutChains, [5, 6], (g, x) =>
      twice.reduce((y) => slice(g, y, { axes: [1], starts: [1], ends: [99] }), x),
    );
    expect(ops).toEqual(['Slice', 'Slice']);
  });

  test('pads are one, unless one takes away what the other adds', () => {
    expect(
      opsAfter(cutChains, [2, 3], (g, x) => pad(g, pad(g, x, { pads: [1, 0, 0, 2] }), { pads: [2, 1], axes: [-1] })),
    ).toEqual(['Pad']);
    expect(
      opsAfter(cutChains, [2, 3], (g, x) => pad(g, pad(g, x, { pads: [0, 2, 0, 0] }), { pads: [0, -1, 0, 0] })),
    ).toEqual(['Pad', 'Pad']);
    expect(
      opsAfter(cutChains, [2, 3], (g, x) => pad(g, pad(g, x, { pads: [0, 3, 0, 0] }), { pads: [0, 0, 0, -4] })),
    ).toEqual(['Pad', 'Pad']);
    expect(
      opsAfter(cutChains, [2, 3], (g, x) => pad(g, pad(g, x, { pads: [0, -1, 0, 0] }), { pads: [1, 0, 2, 0] })),
    ).toEqual(['Pad']);
    expect(
      opsAfter(cutChains, [2, 3], (g, x) =>
        pad(g, pad(g, x, { pads: [0, 2, 0, 0], value: 1 }), { pads: [0, 1, 0, 0] }),
      ),
    ).toEqual(['Pad', 'Pad']);
  });
});
