import type { GraphBuilder } from '../../../../core/graph/builder.ts';
import type { DType } from '../../../../core/graph/tensor.ts';
import type { Value } from '../../../../core/graph/value.ts';

/** One way to use an op: its inputs, drawn at random in a range unless given, and how it is built from them. */
export interface OpCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  readonly build: (g: GraphBuilder, inputs: Readonly<Record<string, Value>>) => Value;
  /** Inputs whose gradient is checked: all floats unless listed; none for ops without a gradient. */
  readonly wanted?: readonly string[];
}

/** Shape and content of an input of a case. */
export interface CaseInput {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly range?: readonly [number, number];
  readonly data?: readonly number[];
}

/** What `unary` and its like take besides the build function. */
export interface CaseOptions {
  readonly range?: readonly [number, number];
  readonly wanted?: readonly string[];
}

/** A case of one float input `x`. */
export function one(name: string, shape: readonly number[], build: (g: GraphBuilder, x: Value) => Value): OpCase {
  return { name: `${name} [${shape.join()}]`, inputs: { x: { shape } }, build: (g, { x }) => build(g, x) };
}

/** A matrix, a scalar, a single element and a batch of one image. */
export function unary(
  build: (g: GraphBuilder, x: Value) => Value,
  { range = [-1, 1], wanted }: CaseOptions = {},
): OpCase[] {
  return [[3, 4], [], [1], [1, 2, 3, 1]].map((shape) => ({
    name: `[${shape.join()}]`,
    inputs: { x: { shape, range } },
    build: (g, { x }) => build(g, x),
    ...(wanted && { wanted }),
  }));
}

const pairs = [
  [
    [3, 4],
    [3, 4],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [1, 4],
    [2, 3, 1],
  ],
  [[2, 2], []],
  [[], [1, 2]],
  [[], []],
  [[5], [1]],
];

/** Two inputs `a` and `b`: equal shapes, one repeated, both repeated, scalars on either side. */
export function binary(
  build: (g: GraphBuilder, a: Value, b: Value) => Value,
  { range = [-1, 1], wanted }: CaseOptions = {},
): OpCase[] {
  return pairs.map(([left, right]) => ({
    name: `[${left.join()}] with [${right.join()}]`,
    inputs: { a: { shape: left, range }, b: { shape: right, range } },
    build: (g, { a, b }) => build(g, a, b),
    ...(wanted && { wanted }),
  }));
}

/** The same op of whole numbers or bools, which carry no gradient: `a` [2, 3], and `b` [3] where the op takes two. */
export function ofType(
  dtype: DType,
  build: (g: GraphBuilder, a: Value, b: Value) => Value,
  range: readonly [number, number] = [-5, 5],
): OpCase {
  return {
    name: dtype,
    inputs: { a: { shape: [2, 3], dtype, range }, b: { shape: [3], dtype, range } },
    build: (g, { a, b }) => build(g, a, b),
    wanted: [],
  };
}
