import { axisOf, type Builder } from '../rule.ts';
import type { Value } from '../value.ts';
import { matMul } from './linear.ts';
import { transpose } from './movement.ts';

/**
 * Every line of x along an axis times a constant matrix, row-major `[size of the axis, size]`: that axis gets the new
 * size. This is the form in which fixed linear maps along an axis (resizing, padding, picking) go backward: a product
 * runs natively on every provider, scattering does not. The last two axes need no transposition.
 */
export function multiplyAlong(g: Builder, x: Value, axis: number, matrix: Float32Array, size: number): Value {
  const rank = x.shape.length;
  const along = axisOf('multiplyAlong', axis, rank);
  const from = x.shape[along];
  if (along === rank - 1) return matMul(g, x, g.constant(matrix, [from, size], x.dtype));
  if (along === rank - 2) {
    const turned = Float32Array.from(matrix, (_, i) => matrix[(i % from) * size + Math.floor(i / from)]);
    return matMul(g, g.constant(turned, [size, from], x.dtype), x);
  }
  const order = [...x.shape.keys()].filter((other) => other !== along);
  const last = transpose(g, x, [...order, along]);
  const product = matMul(g, last, g.constant(matrix, [from, size], x.dtype));
  return transpose(
    g,
    product,
    x.shape.map((_, other) => [...order, along].indexOf(other)),
  );
}
