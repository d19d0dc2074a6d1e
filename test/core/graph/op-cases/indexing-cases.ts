import type { OpName } from '../../../../core/graph/op-name.ts';
import { gatherND, scatterND } from '../../../../core/graph/ops/indexing-nd.ts';
import { gather, gatherElements, scatterElements } from '../../../../core/graph/ops/indexing.ts';
import { ofType, one, type CaseInput, type OpCase } from './op-case.ts';

const at = (shape: number[], data: number[]): CaseInput => ({ shape, dtype: 'int64', data });

const writing: OpCase[] = (['none', 'add'] as const).map((reduction) => ({
  name: `reduction ${reduction}`,
  inputs: { x: { shape: [4, 2] }, i: at([2, 2], [0, 2, -1, 0]), u: { shape: [2, 2] } },
  build: (g, { x, i, u }) => scatterElements(g, x, i, u, 0, reduction),
}));

const writingND: OpCase[] = (['none', 'add'] as const).map((reduction) => ({
  name: `rows, reduction ${reduction}`,
  inputs: { x: { shape: [4, 2, 3] }, i: at([2, 2], [0, 1, -1, 0]), u: { shape: [2, 3] } },
  build: (g, { x, i, u }) => scatterND(g, x, i, u, reduction),
}));

/** Reductions that are computed but not learned through; each place is written twice. */
const unlearned = (['mul', 'max', 'min'] as const).flatMap((reduction): OpCase[] => [
  {
    name: `ScatterElements ${reduction}`,
    inputs: { x: { shape: [1, 3] }, i: at([1, 4], [0, 2, 2, -3]), u: { shape: [1, 4] } },
    build: (g, { x, i, u }) => g.node('ScatterElements', [x, i, u], { axis: 1, reduction }),
    wanted: [],
  },
  {
    name: `ScatterND ${reduction}`,
    inputs: { x: { shape: [4, 2] }, i: at([3, 1], [1, 1, -1]), u: { shape: [3, 2] } },
    build: (g, { x, i, u }) => g.node('ScatterND', [x, i, u], { reduction }),
    wanted: [],
  },
]);

/** Cases of the ops that pick and write by index. */
export const indexingCases = {
  Gather: [
    {
      name: 'a table of indices',
      inputs: { x: { shape: [3, 2, 3] }, i: at([2, 2], [0, 2, -1, 0]) },
      build: (g, { x, i }) => gather(g, x, i, 2),
    },
    {
      name: 'one index that is fed',
      inputs: { x: { shape: [3, 2] }, i: at([], [1]) },
      build: (g, { x, i }) => gather(g, x, i, 0),
    },
    {
      name: 'a table of int32 indices',
      inputs: { x: { shape: [3, 2, 3] }, i: { ...at([2, 2], [0, 2, -1, 0]), dtype: 'int32' } },
      build: (g, { x, i }) => gather(g, x, i, 2),
    },
    one('one known', [3, 4], (g, x) => gather(g, x, 1, 0)),
    one('a known list', [3, 4], (g, x) => gather(g, x, [2, -2, 0, 2], -1)),
    one('a known list of a middle axis', [2, 3, 2, 2], (g, x) => gather(g, x, [2, 0, 2], 1)),
    ofType('int64', (g, x) => gather(g, x, [1, 1, 0], 1)),
  ],
  GatherElements: [
    {
      name: 'axis 0',
      inputs: { x: { shape: [3, 2] }, i: at([2, 2], [0, 2, -1, 0]) },
      build: (g, { x, i }) => gatherElements(g, x, i, 0),
    },
    {
      name: 'negative axis',
      inputs: { x: { shape: [1, 2, 3] }, i: at([1, 2, 4], [0, 1, 1, 2, 2, 2, 2, 0]) },
      build: (g, { x, i }) => gatherElements(g, x, i, -1),
    },
  ],
  GatherND: [
    {
      name: 'elements',
      inputs: { x: { shape: [2, 3] }, i: at([3, 2], [0, 1, -1, -1, 0, 1]) },
      build: (g, { x, i }) => gatherND(g, x, i),
    },
    {
      name: 'rows',
      inputs: { x: { shape: [3, 2] }, i: at([2, 2, 1], [0, 2, 2, -1]) },
      build: (g, { x, i }) => gatherND(g, x, i),
    },
    {
      name: 'one batch axis',
      inputs: { x: { shape: [2, 3, 4] }, i: at([2, 2, 1], [0, 2, 1, 1]) },
      build: (g, { x, i }) => gatherND(g, x, i, 1),
    },
    {
      name: 'two batch axes',
      inputs: { x: { shape: [2, 3, 4, 2] }, i: at([2, 3, 1], [0, 3, -1, 2, 2, 1]) },
      build: (g, { x, i }) => gatherND(g, x, i, 2),
    },
  ],
  ScatterElements: [
    ...writing,
    ...unlearned.filter(({ name }) => name.startsWith('ScatterElements')),
    {
      name: 'adding twice to one place',
      inputs: { x: { shape: [1, 3] }, i: at([1, 4], [0, 2, 2, -1]), u: { shape: [1, 4] } },
      build: (g, { x, i, u }) => scatterElements(g, x, i, u, 1, 'add'),
    },
  ],
  ScatterND: [
    ...writingND,
    ...unlearned.filter(({ name }) => name.startsWith('ScatterND')),
    {
      name: 'adding twice to one place',
      inputs: { x: { shape: [4] }, i: at([3, 1], [1, 1, -1]), u: { shape: [3] } },
      build: (g, { x, i, u }) => scatterND(g, x, i, u, 'add'),
    },
    {
      name: 'elements of a batch of one',
      inputs: { x: { shape: [1, 3] }, i: at([1, 2, 2], [0, 0, 0, 2]), u: { shape: [1, 2] } },
      build: (g, { x, i, u }) => scatterND(g, x, i, u),
    },
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
