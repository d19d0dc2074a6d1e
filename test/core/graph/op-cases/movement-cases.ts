import type { OpName } from '../../../../core/graph/op-name.ts';
import { mul } from '../../../../core/graph/ops/arithmetic.ts';
import * as movement from '../../../../core/graph/ops/movement.ts';
import { pad, type Padding } from '../../../../core/graph/ops/padding.ts';
import { constantOfShape, shapeOf } from '../../../../core/graph/ops/run-time-shape.ts';
import { reverse } from '../../../../core/graph/ops/slicing.ts';
import { ofType, one, type OpCase } from './op-case.ts';

function sliced(name: string, shape: number[], range: movement.Range): OpCase {
  return one(`${name} ${JSON.stringify(range)}`, shape, (g, x) => movement.slice(g, x, range));
}

function padded(shape: number[], padding: Padding): OpCase {
  return one(JSON.stringify(padding), shape, (g, x) => pad(g, x, padding));
}

/** Cases of the ops that move, repeat, cut or regroup elements. */
export const movementCases = {
  Concat: [
    {
      name: 'three',
      inputs: { a: { shape: [2, 1, 3] }, b: { shape: [2, 2, 3] }, c: { shape: [2, 3, 3] } },
      build: (g, { a, b, c }) => movement.concat(g, [a, b, c], 1),
    },
    one('the same twice', [3, 4], (g, x) => movement.concat(g, [x, x], -1)),
    {
      name: 'an empty one',
      inputs: { a: { shape: [2, 3] }, b: { shape: [0, 3] } },
      build: (g, { a, b }) => movement.concat(g, [a, b], 0),
      wanted: ['a'],
    },
    ofType('int64', (g, a) => movement.concat(g, [a, a], 0)),
    ofType('bool', (g, a) => movement.concat(g, [a, a], -1)),
  ],
  ConstantOfShape: [
    { ...one('', [3, 4], (g, x) => constantOfShape(g, shapeOf(g, x), 2.5)), wanted: [] },
    { ...one('whole', [2], (g, x) => constantOfShape(g, shapeOf(g, x), 7, 'int64')), wanted: [] },
  ],
  Expand: [
    one('to [2,3,4]', [3, 1], (g, x) => movement.expand(g, x, [2, 3, 4])),
    one('a scalar', [], (g, x) => movement.expand(g, x, [5])),
    one('both ways', [3, 1], (g, x) => movement.expand(g, x, [2, 1, 4])),
    ofType('int64', (g, x) => movement.expand(g, x, [4, 2, 3])),
  ],
  Flatten: [1, 0, -1, 3].map((axis) => one(`axis ${axis}`, [2, 3, 4], (g, x) => movement.flatten(g, x, axis))),
  Pad: [
    padded([2, 3, 4], { pads: [0, 1, 0, 2, 0, 1] }),
    padded([2, 3, 4], { pads: [0, 0, 0, 0, 0, 0] }),
    padded([2, 3, 4], { pads: [1, 2], axes: [-1], value: 3 }),
    padded([2, 3, 4], { pads: [0, -1, 1, 0, 0, -2] }),
    ...(['edge', 'reflect'] as const).flatMap((mode) => [
      padded([2, 3, 4], { pads: [0, 1, 2, 0, 2, 1], mode }),
      padded([1, 2, 5, 3], { pads: [0, 0, 4, 2, 0, 0, 3, 1], mode }),
      padded([3, 2, 4], { pads: [2, 1, 1, 1], axes: [0, 1], mode }),
      padded([1, 4], { pads: [0, 0, 0, 0], mode }),
    ]),
    padded([1, 1], { pads: [2, 1, 0, 3], mode: 'edge' }),
    ofType('int64', (g, x) => pad(g, x, { pads: [1, 1, 0, 0], value: 7 })),
  ],
  Reshape: [
    one('0 and -1', [2, 3, 4], (g, x) => movement.reshape(g, x, [0, -1])),
    one('to a scalar', [1, 1], (g, x) => movement.reshape(g, x, [])),
    one('of a scalar', [], (g, x) => movement.reshape(g, x, [1, 1])),
  ],
  Shape: [
    { ...one('', [3, 4], (g, x) => shapeOf(g, x)), wanted: [] },
    { ...one('a part', [2, 3, 4, 5], (g, x) => g.node('Shape', [x], { start: 1, end: -1 })), wanted: [] },
    { ...one('of a scalar', [], (g, x) => shapeOf(g, x)), wanted: [] },
  ],
  Slice: [
    sliced('inner', [2, 3, 4], { starts: [1, 0], ends: [3, -1], axes: [1, 2] }),
    sliced('negative axes', [2, 3, 4], { starts: [1], ends: [3], axes: [-1] }),
    sliced('steps', [5, 2, 7], { starts: [0, 1], ends: [99, 6], axes: [0, 2], steps: [2, 3] }),
    sliced('steps beyond the end', [1, 4], { starts: [1], ends: [4], axes: [1], steps: [9] }),
    sliced('backward', [1, 2, 7], { starts: [-2], ends: [-9], axes: [2], steps: [-2] }),
    sliced('backward from beyond', [2, 7], { starts: [99], ends: [1], axes: [1], steps: [-3] }),
    sliced('backward from before the beginning', [2, 5], { starts: [-8], ends: [-9], axes: [1], steps: [-2] }),
    sliced('backward to an end counted from the end', [2, 7], { starts: [4], ends: [-6], axes: [-1], steps: [-1] }),
    sliced('backward along one of two axes', [4, 5], { starts: [1, -2], ends: [4, -9], axes: [0, 1], steps: [2, -1] }),
    sliced('backward along two axes', [4, 5], { starts: [-1, 3], ends: [-9, 0], axes: [0, 1], steps: [-1, -2] }),
    one('backward as files have it', [2, 7], (g, x) => {
      const bounds = [[-2], [-9], [1], [-2]].map((list) => g.constant(list, [1], 'int64'));
      return g.node('Slice', [x, ...bounds]);
    }),
    sliced('nothing left', [2, 3, 4], { starts: [2], ends: [2], axes: [1] }),
    one('turned round', [2, 3, 4], (g, x) => reverse(g, x, 1)),
    ofType('bool', (g, x) => movement.slice(g, x, { starts: [1], ends: [3], axes: [1] })),
  ],
  Split: [
    one('two parts used', [2, 3, 4], (g, x) => {
      const [first, second] = movement.split(g, x, [1, 3], 2);
      return mul(g, second, first);
    }),
    one('one part used', [2, 3, 4], (g, x) => movement.split(g, x, [2, 1, 1], -1)[1]),
    one('even parts, the last one smaller', [5, 2], (g, x) => g.nodes('Split', [x], { num_outputs: 2, axis: 0 })[1]),
  ],
  Squeeze: [
    one('two', [1, 3, 1], (g, x) => movement.squeeze(g, x, [0, -1])),
    one('all', [1, 3, 1], (g, x) => g.node('Squeeze', [x])),
  ],
  Tile: [
    one('', [2, 3, 4], (g, x) => movement.tile(g, x, [2, 1, 3])),
    one('once', [2, 3], (g, x) => movement.tile(g, x, [1, 1])),
    one('a line', [3], (g, x) => movement.tile(g, x, [4])),
    ofType('int64', (g, x) => movement.tile(g, x, [1, 2])),
  ],
  Transpose: [
    one('', [2, 3, 4], (g, x) => movement.transpose(g, x, [2, 0, 1])),
    one('reversed', [2, 3, 4], (g, x) => g.node('Transpose', [x])),
    one('of one row', [1, 3], (g, x) => movement.transpose(g, x, [1, 0])),
  ],
  Unsqueeze: [
    one('', [2, 3, 4], (g, x) => movement.unsqueeze(g, x, [0, -1])),
    one('a scalar', [], (g, x) => movement.unsqueeze(g, x, [0, 1])),
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
