import fc from 'fast-check';
import { test } from 'vitest';
import { add, div, max, mul } from '../../../core/graph/ops/arithmetic.ts';
import { greater, where } from '../../../core/graph/ops/compare.ts';
import { conv, convTranspose } from '../../../core/graph/ops/convolution.ts';
import { matMul } from '../../../core/graph/ops/linear.ts';
import { slice } from '../../../core/graph/ops/movement.ts';
import { pad } from '../../../core/graph/ops/padding.ts';
import { averagePool, maxPool } from '../../../core/graph/ops/pooling.ts';
import * as reduce from '../../../core/graph/ops/reduce.ts';
import { gridSample, resize } from '../../../core/graph/ops/sample.ts';
import { checkSlopes, checkValue } from './op-cases/case-checks.ts';
import { one, type OpCase } from './op-cases/op-case.ts';

/** Holds for every case drawn: right in ONNX Runtime, and its gradient right in float64. The seed is fixed. */
function holds(name: string, cases: fc.Arbitrary<OpCase>, runs = 40): void {
  test(name, async () => {
    const check = fc.asyncProperty(cases, async (drawn) => {
      await checkValue(drawn);
      checkSlopes(drawn, 1e-7);
    });
    await fc.assert(check, { numRuns: runs, seed: 5 });
  });
}

const size = fc.integer({ min: 1, max: 4 });
const shape = (minLength: number, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(size, { minLength, maxLength });
const pairOf = (low: number, high: number): fc.Arbitrary<[number, number]> => {
  const number = fc.integer({ min: low, max: high });
  return fc.tuple(number, number);
};

/** Shapes that broadcast with each other: a common one with leading axes left out and others set to 1. */
const broadcasting = (count: number): fc.Arbitrary<number[][]> =>
  shape(0, 4).chain((common) =>
    fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: common.length }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
        .map(([from, single]) => common.slice(from).map((length, i) => (single[i] ? 1 : length))),
      { minLength: count, maxLength: count },
    ),
  );

for (const [name, build] of Object.entries({ add, mul, div, max })) {
  const drawn = broadcasting(2).map(([a, b]): OpCase => {
    const range = name === 'div' ? ([0.5, 2] as const) : ([-1, 1] as const);
    const inputs = { a: { shape: a, range }, b: { shape: b, range } };
    return { name: '', inputs, build: (g, values) => build(g, values['a'], values['b']) };
  });
  holds(`${name} broadcasts`, drawn);
}

holds(
  'where broadcasts',
  broadcasting(3).map(([c, a, b]) => ({
    name: '',
    inputs: { c: { shape: c }, a: { shape: a }, b: { shape: b } },
    build: (g, values) => where(g, greater(g, values['c'], 0), values['a'], values['b']),
    wanted: ['a', 'b'],
  })),
);

holds(
  'matMul broadcasts its leading axes',
  fc.tuple(broadcasting(2), size, size, size).map(([[a, b], rows, inner, columns]) => ({
    name: '',
    inputs: { a: { shape: [...a, rows, inner] }, b: { shape: [...b, inner, columns] } },
    build: (g, values) => matMul(g, values['a'], values['b']),
  })),
);

const reductions = Object.entries(reduce).filter(([name]) => name.startsWith('reduce') && name !== 'reduceRules');
for (const [name, build] of reductions) {
  const drawn = shape(1, 4).chain((of) =>
    fc
      .tuple(fc.subarray([...of.keys()], { minLength: 1 }), fc.boolean(), fc.boolean())
      .map(([axes, keepDims, negative]) => {
        const listed = negative ? axes.map((axis) => axis - of.length) : axes;
        return one('', of, (g, x) => (build as typeof reduce.reduceSum)(g, x, { axes: listed, keepDims }));
      }),
  );
  holds(`${name} over any axes`, drawn, 25);
}

const ranges = shape(1, 3).chain((of) =>
  fc.tuple(...of.map(() => fc.tuple(pairOf(-6, 6), fc.constantFrom(1, 2, 3, -1, -2, -3)))).map((drawn) =>
    one('', of, (g, x) => {
      const [starts, ends, steps] = [
        drawn.map(([[from]]) => from),
        drawn.map(([[, to]]) => to),
        drawn.map(([, by]) => by),
      ];
      return slice(g, x, { starts, ends, steps });
    }),
  ),
);
holds('slices of any range and step', ranges, 150);

const paddings = fc
  .tuple(shape(1, 3), fc.constantFrom('constant' as const, 'edge' as const, 'reflect' as const))
  .chain(([of, mode]) => {
    const most = (length: number): number => (mode === 'reflect' ? length - 1 : 3);
    const side = fc.tuple(...of.map((length) => fc.integer({ min: 0, max: most(length) })));
    return fc
      .tuple(side, side)
      .map(([begins, ends]) => one(mode, of, (g, x) => pad(g, x, { pads: [...begins, ...ends], mode })));
  });
holds('pads of any size and mode', paddings, 80);

const geometry = fc.record({
  kernel: pairOf(1, 3),
  strides: pairOf(1, 3),
  dilations: pairOf(1, 2),
  begins: pairOf(0, 2),
  ends: pairOf(0, 2),
  extent: pairOf(1, 5),
  group: fc.constantFrom(1, 2, 3),
  batch: fc.integer({ min: 1, max: 2 }),
  inputs: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }),
});

holds(
  'convolutions of any geometry',
  geometry.map(({ kernel, strides, dilations, begins, ends, extent, group, batch, inputs, outputs }) => {
    const spatial = extent.map((more, i) => (kernel[i] - 1) * dilations[i] + more);
    const options = { strides, dilations, group, pads: [...begins, ...ends] };
    return {
      name: '',
      inputs: {
        x: { shape: [batch, inputs * group, ...spatial] },
        w: { shape: [outputs * group, inputs, ...kernel] },
        b: { shape: [outputs * group] },
      },
      build: (g, { x, w, b }) => conv(g, x, w, b, options),
    };
  }),
  60,
);

holds(
  'transposed convolutions of any geometry',
  geometry.map(({ kernel, strides, dilations, begins, ends, extent, group, batch, inputs, outputs }) => {
    const reach = extent.map((count, i) => (count - 1) * strides[i] + (kernel[i] - 1) * dilations[i]);
    const cut = [...begins, ...ends].map((wanted, i) => Math.min(wanted, Math.floor(reach[i % 2] / 2)));
    const outputPadding = strides.map((step) => step - 1);
    const options = { strides, dilations, group, pads: cut, outputPadding };
    return {
      name: '',
      inputs: {
        x: { shape: [batch, inputs * group, ...extent] },
        w: { shape: [inputs * group, outputs, ...kernel] },
        b: { shape: [outputs * group] },
      },
      build: (g, { x, w, b }) => convTranspose(g, x, w, b, options),
    };
  }),
  60,
);

for (const [name, pool] of Object.entries({ maxPool, averagePool })) {
  const drawn = geometry.map(({ kernel, strides, begins, ends, extent, batch, inputs }) => {
    const pads = [...begins, ...ends].map((wanted, i) => Math.min(wanted, kernel[i % 2] - 1));
    const spatial = extent.map((more, i) => kernel[i] - 1 + more);
    return one('', [batch, inputs, ...spatial], (g, x) => pool(g, x, { kernel, strides, pads }));
  });
  holds(`${name} of any geometry`, drawn, 60);
}

holds(
  'samples of any image and grid',
  fc
    .record({
      image: fc.tuple(size, size, size, size),
      places: fc.tuple(size, size),
      paddingMode: fc.constantFrom('zeros' as const, 'border' as const, 'reflection' as const),
      alignCorners: fc.boolean(),
    })
    .map(({ image, places, paddingMode, alignCorners }) => ({
      name: '',
      inputs: { x: { shape: image }, grid: { shape: [image[0], ...places, 2], range: [-2.7, 2.7] } },
      build: (g, { x, grid }) => gridSample(g, x, grid, { paddingMode, alignCorners }),
    })),
  60,
);

holds(
  'resizing to any size',
  fc
    .record({
      image: fc.tuple(size, size, size, size),
      sizes: pairOf(1, 7),
      mode: fc.constantFrom('nearest' as const, 'linear' as const),
      coordinates: fc.constantFrom('half_pixel' as const, 'align_corners' as const, 'asymmetric' as const),
    })
    .map(({ image, sizes, mode, coordinates }) =>
      one('', image, (g, x) => resize(g, x, { sizes, axes: [2, 3], mode, coordinates })),
    ),
  60,
);
