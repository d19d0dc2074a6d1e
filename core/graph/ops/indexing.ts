import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  axisOf,
  type Builder,
  type Inferred,
  inputOf,
  integer,
  type OpCall,
  type OpRule,
  required,
  shapeText,
  text,
} from '../rule.ts';
import { elementCount, numbers, sameShape, tensor } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { multiplyAlong } from './axis-product.ts';
import { expand, reshape, zerosOf } from './movement.ts';

function inferGather(call: OpCall): Inferred[] {
  const [{ shape, dtype }, indices] = [required(call, 0), required(call, 1)];
  checkIndices(call, indices);
  const axis = axisOf('Gather', integer(call.attributes, 'axis', 0), shape.length);
  const result = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
  const at = call.known(1);
  const wrong = at?.find((index) => index < -shape[axis] || index >= shape[axis]);
  if (wrong !== undefined) {
    throw new GraphError(`Gather: index ${wrong} does not exist along axis ${axis} of ${shapeText(shape)}`);
  }
  const whole = dtype === 'int64' && shape.length === 1 ? call.known(0) : undefined;
  const part = whole && at?.map((i) => whole[i < 0 ? i + whole.length : i]);
  return [{ shape: result, dtype, ...(part && { known: tensor(part, result, 'int64') }) }];
}

function inferGatherElements(call: OpCall): Inferred[] {
  const [{ shape, dtype }, indices] = [required(call, 0), required(call, 1)];
  checkIndices(call, indices);
  checkOverlap(call, shape, indices.shape);
  return [{ shape: indices.shape, dtype }];
}

function inferScatterElements(call: OpCall): Inferred[] {
  const [{ shape, dtype }, indices, updates] = [required(call, 0), required(call, 1), required(call, 2)];
  checkIndices(call, indices);
  checkOverlap(call, shape, indices.shape);
  if (!sameShape(indices.shape, updates.shape) || updates.dtype !== dtype) {
    throw new GraphError(
      `ScatterElements: updates ${updates.dtype} ${shapeText(updates.shape)}, expected ${dtype} ${shapeText(indices.shape)} like the indices`,
    );
  }
  return [{ shape, dtype }];
}

function checkIndices({ op }: OpCall, { dtype }: Value): void {
  if (dtype !== 'int64' && dtype !== 'int32')
    throw new GraphError(`${op}: indices are ${dtype}, expected int64; cast them`);
}

function checkOverlap({ op, attributes }: OpCall, data: readonly number[], indices: readonly number[]): void {
  const axis = axisOf(op, integer(attributes, 'axis', 0), data.length);
  if (indices.length !== data.length || indices.some((size, i) => i !== axis && size > data[i])) {
    throw new GraphError(
      `${op}: indices ${shapeText(indices)} do not lie in ${shapeText(data)}: expected the same rank and no larger axis but axis ${axis}`,
    );
  }
}

/**
 * Indices known while building pick by a product with a matrix of zeros and ones, which runs natively everywhere, as long
 * as that matrix is small; other indices add up by ScatterElements (reduction 'add'), which every provider has too.
 * It needs them reshaped, which WebGPU does for int32 but not for int64: feed int32 to stay on the device.
 */
function gatherGradient(g: Builder, node: Node, dy: Value): Value {
  const [x, indices] = [inputOf(node, 0), inputOf(node, 1)];
  const axis = axisOf('Gather', integer(node.attributes, 'axis', 0), x.shape.length);
  const [size, count] = [x.shape[axis], elementCount(indices.shape)];
  const flat = reshape(g, dy, x.shape.with(axis, count));
  const known = g.known(indices);
  if (known && size * count > 0 && size * count <= 2 ** 16) {
    const matrix = new Float32Array(count * size);
    numbers(known).forEach((index, i) => (matrix[i * size + (index < 0 ? index + size : index)] = 1));
    return multiplyAlong(g, flat, axis, matrix, size);
  }
  const column = reshape(
    g,
    indices,
    flat.shape.map((_, i) => (i === axis ? count : 1)),
  );
  return scatterElements(g, zerosOf(g, x.shape, dy.dtype), expand(g, column, flat.shape), flat, axis, 'add');
}

/** What a scatter does where it writes. **Throws** GraphError for reductions without a gradient. */
export function scatterAdds(node: Node): boolean {
  const reduction = text(node.attributes, 'reduction', 'none');
  if (reduction === 'none') return false;
  if (reduction === 'add') return true;
  throw new GraphError(`${node.op}: no gradient for reduction '${reduction}'; train with 'none' or 'add'`);
}

/** Ops that pick or write along one axis by index. */
export const indexRules = {
  Gather: { infer: inferGather, gradient: (g, node, dy) => [gatherGradient(g, node, dy), null] },
  GatherElements: {
    infer: inferGatherElements,
    gradient: (g, node, dy) => {
      const [x, indices] = [inputOf(node, 0), inputOf(node, 1)];
      const zeros = zerosOf(g, x.shape, dy.dtype);
      return [scatterElements(g, zeros, indices, dy, integer(node.attributes, 'axis', 0), 'add'), null];
    },
  },
  ScatterElements: {
    infer: inferScatterElements,
    gradient: (g, node, dy, wanted) => {
      const [indices, updates] = [inputOf(node, 1), inputOf(node, 2)];
      const axis = integer(node.attributes, 'axis', 0);
      const adds = scatterAdds(node);
      const kept = (): Value =>
        adds ? dy : scatterElements(g, dy, indices, zerosOf(g, updates.shape, dy.dtype), axis);
      return [wanted[0] ? kept() : null, null, wanted[2] ? gatherElements(g, dy, indices, axis) : null];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

/** The elements of x at `indices` (int64) along an axis, which is replaced by the axes of the indices. */
export function gather(g: Builder, x: Value, indices: Value | readonly number[] | number, axis: number): Value {
  const at = typeof indices === 'number' ? g.constant(indices, [], 'int64') : indices;
  return g.node('Gather', [x, isList(at) ? g.constant([...at], [at.length], 'int64') : at], { axis });
}

/** result[i, j] = x[indices[i, j], j] along axis 0, and so on; indices have the rank of x. */
export function gatherElements(g: Builder, x: Value, indices: Value, axis: number): Value {
  return g.node('GatherElements', [x, indices], { axis });
}

/**
 * x with `updates` written or added at `indices` along an axis: the reverse of `gatherElements`. Where 'none' writes one
 * place twice the last one counts and the gradient of both updates is that place's, so keep such indices apart.
 */
export function scatterElements(
  g: Builder,
  x: Value,
  indices: Value,
  updates: Value,
  axis: number,
  reduction: 'none' | 'add' = 'none',
): Value {
  return g.node('ScatterElements', [x, indices, updates], { axis, reduction });
}

function isList(of: Value | readonly number[]): of is readonly number[] {
  return Array.isArray(of);
}
