import fc from 'fast-check';
import { add, div, max, mul } from '../../../core/graph/ops/arithmetic.ts';
import { greater, where } from '../../../core/graph/ops/compare.ts';
import { gatherND, scatterND } from '../../../core/graph/ops/indexing-nd.ts';
import { gather } from '../../../core/graph/ops/indexing.ts';
import { matMul } from '../../../core/graph/ops/linear.ts';
import { slice } from '../../../core/graph/ops/movement.ts';
import { layerNormalization } from '../../../core/graph/ops/normalisation.ts';
import { pad } from '../../../core/graph/ops/padding.ts';
import * as reduce from '../../../core/graph/ops/reduce.ts';
import { one, type CaseInput, type OpCase } from './op-cases/op-case.ts';
import { holds, pairOf, shape, size } from './op-cases/properties.ts';

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

/** Data of any shape, how many leading axes are batch, how many an index names, and the places that are picked. */
const picking = shape(1, 4).chain((of) =>
  fc.integer({ min: 0, max: of.length - 1 }).chain((batch) =>
    fc
      .record({
        depth: fc.integer({ min: 1, max: of.length - batch }),
        outer: shape(0, 2),
        seeds: fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
      })
      .map(({ depth, outer, seeds }) => {
        const places = [...of.slice(0, batch), ...outer];
        const count = places.reduce((a, b) => a * b, 1);
        const indices = Array.from({ length: count * depth }, (_, i) => {
          const length = of[batch + (i % depth)];
          const drawn = (seeds[i % seeds.length] + i * 7) % (2 * length);
          return drawn - length;
        });
        return { of, batch, depth, places, indices };
      }),
  ),
);

holds(
  'gathering along any axis, by indices known or fed',
  fc.tuple(picking, fc.boolean()).map(([{ of, batch, places, indices, depth }, known]) => {
    const list = indices.filter((_, i) => i % depth === 0);
    const table: CaseInput = { shape: places, dtype: 'int64', data: list };
    return {
      name: '',
      inputs: { x: { shape: of }, ...(!known && { i: table }) },
      build: (g, values) => gather(g, values['x'], known ? g.constant(list, places, 'int64') : values['i'], batch),
    };
  }),
  60,
);

holds(
  'gathering blocks behind any batch axes',
  picking.map(({ of, batch, depth, places, indices }) => ({
    name: '',
    inputs: { x: { shape: of }, i: { shape: [...places, depth], dtype: 'int64', data: indices } },
    build: (g, { x, i }) => gatherND(g, x, i, batch),
  })),
  60,
);

holds(
  'adding blocks at any places',
  picking.map(({ of, depth, places, indices, batch }) => {
    const inside = indices.map((index, i) => ((index % of[i % depth]) + of[i % depth]) % of[i % depth]);
    const rest = of.slice(Math.min(depth, of.length));
    return {
      name: `${batch}`,
      inputs: {
        x: { shape: of },
        i: { shape: [...places, depth], dtype: 'int64', data: inside },
        u: { shape: [...places, ...rest] },
      },
      build: (g, { x, i, u }) => scatterND(g, x, i, u, 'add'),
    };
  }),
  60,
);

holds(
  'layer normalisation from any axis on',
  shape(1, 4).chain((of) =>
    fc.integer({ min: 0, max: of.length - 1 }).map((axis) => {
      const own = { shape: of.slice(axis) };
      return {
        name: '',
        inputs: { x: { shape: of }, scale: own, bias: own },
        build: ((g, { x, scale, bias }) =>
          layerNormalization(g, x, scale, bias, { axis, epsilon: 0.1 })) satisfies OpCase['build'],
      };
    }),
  ),
);
