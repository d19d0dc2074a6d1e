import { expect, test } from 'vitest';
import { noOps } from '../../../../core/graph/passes/no-ops.ts';
import { add, div, mul, pow, sub } from '../../../../core/graph/ops/arithmetic.ts';
import { identity, neg, relu } from '../../../../core/graph/ops/elementwise.ts';
import { pad } from '../../../../core/graph/ops/padding.ts';
import { slice, tile } from '../../../../core/graph/ops/movement.ts';
import type { GraphBuilder } from '../../../../core/graph/builder.ts';
import type { Value } from '../../../../core/graph/value.ts';
import { opsAfter } from './pass-check.ts';

const shapeList = (g: GraphBuilder, list: number[]): Value => g.constant(list, [list.length], 'int64');

test.each<[string, (g: GraphBuilder, x: Value) => Value]>([
  ['x + 0', (g, x) => add(g, x, 0)],
  ['0 + x', (g, x) => add(g, 0, x)],
  ['x - 0', (g, x) => sub(g, x, 0)],
  ['x * ones of its shape', (g, x) => mul(g, g.constant(new Float32Array(6).fill(1), [2, 3]), x)],
  ['x / 1', (g, x) => div(g, x, 1)],
  ['x to the 1', (g, x) => pow(g, x, 1)],
  ['a cast to its own dtype', (g, x) => g.node('Cast', [x], { to: 1 })],
  ['expanding to its own shape', (g, x) => g.node('Expand', [x, shapeList(g, [2, 3])])],
  ['minus twice', (g, x) => neg(g, neg(g, x))],
  ['a slice of everything', (g, x) => slice(g, x, { starts: [0, 0], ends: [9, 3] })],
  ['no padding', (g, x) => pad(g, x, { pads: [0, 0, 0, 0] })],
  ['once tiled', (g, x) => tile(g, x, [1, 1])],
  ['one value concatenated', (g, x) => g.node('Concat', [x], { axis: 0 })],
  ['the identity', (g, x) => identity(g, x)],
])('%s is nothing', (_, build) => {
  expect(opsAfter(noOps, [2, 3], (g, x) => relu(g, build(g, x)))).toEqual(['Relu']);
});

test.each<[string, (g: GraphBuilder, x: Value) => Value]>([
  ['0 - x', (g, x) => sub(g, 0, x)],
  ['1 / x', (g, x) => div(g, 1, x)],
  ['a sum that repeats x', (g, x) => add(g, x, g.constant(new Float32Array(12), [2, 2, 3]))],
  ['a slice that turns x round', (g, x) => slice(g, x, { starts: [-1], ends: [-9], axes: [0], steps: [-1] })],
])('%s is something', (_, build) => {
  expect(opsAfter(noOps, [2, 3], (g, x) => relu(g, build(g, x)))).toHaveLength(2);
});

test('where an axis is open, expanding to the shape of now may be expanding later', () => {
  const build = (g: GraphBuilder, x: Value): Value => relu(g, g.node('Expand', [x, shapeList(g, [1, 3])]));
  expect(opsAfter(noOps, [1, 3], build, { 0: 'n' })).toEqual(['Expand', 'Relu']);
  expect(opsAfter(noOps, [1, 3], (g, x) => relu(g, add(g, x, 0)), { 0: 'n' })).toEqual(['Relu']);
});

test('relu twice is relu once', () => {
  expect(opsAfter(noOps, [2, 3], (g, x) => relu(g, relu(g, x)))).toEqual(['Relu']);
});
