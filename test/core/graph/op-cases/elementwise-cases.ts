import type { OpName } from '../../../../core/graph/op-name.ts';
import * as elementwise from '../../../../core/graph/ops/elementwise.ts';
import { one, ofType, type OpCase, unary } from './op-case.ts';

const range = [0.3, 2] as const;
const none = { wanted: [], range: [-3, 3] } as const;
const { clip } = elementwise;

/** Where the function has become a line. */
const far = { name: 'far from 0', inputs: { x: { shape: [6], data: [-1e4, -90, -6, 6, 90, 1e4] } } } as const;

/** Cases of the ops of one input. */
export const elementwiseCases = {
  Abs: [...unary(elementwise.abs), ofType('int64', elementwise.abs), ofType('int32', elementwise.abs)],
  Ceil: unary(elementwise.ceil, none),
  Clip: [
    ...unary((g, x) => clip(g, x, { min: -0.4, max: 0.6 })),
    one('above only', [3, 4], (g, x) => clip(g, x, { max: 0.2 })),
    one('below only', [3, 4], (g, x) => clip(g, x, { min: 0.2 })),
    one('not at all', [3, 4], (g, x) => clip(g, x, {})),
    ofType('int64', (g, x) => clip(g, x, { min: -2, max: 3 })),
  ],
  Cos: unary(elementwise.cos),
  Elu: [...unary((g, x) => elementwise.elu(g, x)), one('steeper', [3, 4], (g, x) => elementwise.elu(g, x, 1.7))],
  Erf: [{ ...far, build: (g, { x }) => elementwise.erf(g, x) }, ...unary(elementwise.erf, { range: [-2, 2] })],
  Exp: unary(elementwise.exp),
  Floor: unary(elementwise.floor, none),
  Identity: [
    ...unary(elementwise.identity),
    ofType('bool', elementwise.identity),
    ofType('uint8', elementwise.identity, [0, 255]),
  ],
  LeakyRelu: [
    ...unary((g, x) => elementwise.leakyRelu(g, x)),
    one('steeper', [3, 4], (g, x) => elementwise.leakyRelu(g, x, 0.2)),
  ],
  Log: unary(elementwise.log, { range }),
  Neg: [...unary(elementwise.neg), ofType('int64', elementwise.neg), ofType('int32', elementwise.neg)],
  Reciprocal: unary(elementwise.reciprocal, { range }),
  Relu: [...unary(elementwise.relu), ofType('int32', elementwise.relu)],
  Round: [
    ...unary(elementwise.round, none),
    {
      name: 'halves to even',
      inputs: { x: { shape: [6], data: [-1.5, -0.5, 0.5, 1.5, 2.5, 3.5] } },
      build: (g, { x }) => elementwise.round(g, x),
      wanted: [],
    },
  ],
  Sigmoid: [
    { ...far, build: (g, { x }) => elementwise.sigmoid(g, x) },
    ...unary(elementwise.sigmoid, { range: [-4, 4] }),
  ],
  Sin: unary(elementwise.sin),
  Softplus: [
    { ...far, build: (g, { x }) => elementwise.softplus(g, x) },
    ...unary(elementwise.softplus, { range: [-4, 4] }),
  ],
  Sqrt: unary(elementwise.sqrt, { range }),
  Tanh: unary(elementwise.tanh),
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
