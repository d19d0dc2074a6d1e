import { elementCount } from '../../core/graph/tensor.ts';
import type { Node } from '../../core/graph/value.ts';

/** An array of the interpreter: float64 whatever the graph's dtype says, booleans as 0 and 1. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Computes a node's outputs from its inputs; null is a missing optional input. */
export type Kernel = (inputs: (Numbers | null)[], node: Node) => Numbers[];

/** A whole-number attribute of a node. */
export function whole(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name];
  return typeof found === 'number' ? found : fallback;
}

/** A list attribute of a node. */
export function list(node: Node, name: string, fallback: number[]): number[] {
  const found = node.attributes[name];
  return Array.isArray(found) ? (found as number[]) : fallback;
}

/** A float attribute of a node. */
export function real(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name];
  return typeof found === 'object' && 'float' in found ? found.float : fallback;
}

/** A text attribute of a node. */
export function word(node: Node, name: string, fallback: string): string {
  const found = node.attributes[name];
  return typeof found === 'string' ? found : fallback;
}

/** Input `i`, which must be there. */
export function take(inputs: (Numbers | null)[], i: number): Numbers {
  const found = inputs[i];
  if (!found) throw new Error(`input ${i} is missing`);
  return found;
}

/** Row-major steps of a shape. */
export function stepsOf(shape: readonly number[]): number[] {
  const steps = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) steps[i] = steps[i + 1] * shape[i + 1];
  return steps;
}

/** A new array whose element at each coordinate is computed from the coordinate. */
export function fill(shape: readonly number[], compute: (at: number[]) => number): Numbers {
  const data = new Float64Array(elementCount(shape));
  const at = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = compute(at);
    for (let axis = shape.length - 1; axis >= 0 && ++at[axis] === shape[axis]; axis--) at[axis] = 0;
  }
  return { shape, data };
}

/** The element at a coordinate; axes count from the end, axes of size 1 are repeated. */
export function pick({ shape, data }: Numbers, at: readonly number[]): number {
  let place = 0;
  const skip = at.length - shape.length;
  for (let i = 0; i < shape.length; i++) place = place * shape[i] + (shape[i] === 1 ? 0 : at[i + skip]);
  return data[place];
}

/** An axis counted from the front. */
export const axis = (a: number, rank: number): number => (a < 0 ? a + rank : a);

/** The shape that arrays broadcast to. */
export function common(...values: Numbers[]): number[] {
  const rank = Math.max(...values.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, i) =>
    values.reduce((size, { shape }) => {
      const own = i - rank + shape.length < 0 ? 1 : shape[i - rank + shape.length];
      return own === 1 ? size : own;
    }, 1),
  );
}

/** The element at a coordinate of the array's own rank. */
export function pickExact({ shape, data }: Numbers, at: readonly number[]): number {
  return data[at.reduce((place, a, i) => place * shape[i] + a, 0)];
}

/** The nearest whole number, of two as near the even one. */
export function halfToEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}
