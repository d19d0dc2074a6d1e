import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  type Builder,
  type Inferred,
  inputOf,
  integer,
  type OpCall,
  type OpRule,
  required,
  shapeText,
} from '../rule.ts';
import { elementCount, sameShape } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { scatterAdds } from './indexing.ts';
import { concat, zerosOf } from './movement.ts';

function inferGatherND(call: OpCall): Inferred[] {
  const [{ shape, dtype }, indices] = [required(call, 0), required(call, 1)];
  const batch = integer(call.attributes, 'batch_dims', 0);
  const depth = depthOf(call, shape, indices, batch);
  if (!sameShape(shape.slice(0, batch), indices.shape.slice(0, batch))) {
    throw new GraphError(
      `GatherND: data ${shapeText(shape)} and indices ${shapeText(indices.shape)} differ in the first ${batch} axes (batch_dims)`,
    );
  }
  return [{ shape: [...indices.shape.slice(0, -1), ...shape.slice(batch + depth)], dtype }];
}

function inferScatterND(call: OpCall): Inferred[] {
  const [{ shape, dtype }, indices, updates] = [required(call, 0), required(call, 1), required(call, 2)];
  const expected = [...indices.shape.slice(0, -1), ...shape.slice(depthOf(call, shape, indices, 0))];
  if (updates.dtype !== dtype || !sameShape(updates.shape, expected)) {
    throw new GraphError(
      `ScatterND: updates ${updates.dtype} ${shapeText(updates.shape)}, expected ${dtype} ${shapeText(expected)}`,
    );
  }
  return [{ shape, dtype }];
}

/** How many axes of the data one index names: the size of the indices' last axis. */
function depthOf({ op }: OpCall, data: readonly number[], indices: Value, batch: number): number {
  const depth = indices.shape.at(-1) ?? 0;
  if (indices.dtype !== 'int64') throw new GraphError(`${op}: indices are ${indices.dtype}, expected int64; cast them`);
  if (depth < 1 || batch + depth > data.length) {
    throw new GraphError(
      `${op}: the last axis of indices ${shapeText(indices.shape)} names ${depth} axes of data ${shapeText(data)}, expected 1 to ${data.length - batch}`,
    );
  }
  return depth;
}

/** Indices with the coordinates of their batch in front, so that they count from the first axis of the data. */
function fullIndices(g: Builder, indices: Value, batch: number): Value {
  if (batch === 0) return indices;
  const shape = [...indices.shape.slice(0, -1), batch];
  const inner = elementCount(indices.shape.slice(batch, -1));
  const steps = indices.shape.slice(0, batch).map((_, axis) => elementCount(indices.shape.slice(axis + 1, batch)));
  const coordinates = Array.from({ length: elementCount(shape) }, (_, i) => {
    const place = Math.floor(i / batch / inner);
    return Math.floor(place / steps[i % batch]) % indices.shape[i % batch];
  });
  return concat(g, [g.constant(coordinates, shape, 'int64'), indices], -1);
}

function gatherNDGradient(g: Builder, node: Node, dy: Value): Value {
  const [x, indices] = [inputOf(node, 0), inputOf(node, 1)];
  const full = fullIndices(g, indices, integer(node.attributes, 'batch_dims', 0));
  return scatterND(g, zerosOf(g, x.shape, dy.dtype), full, dy, 'add');
}

/**
 * Ops that pick or write blocks by coordinates of several axes. Their gradients are each other: where they write is
 * known only at run time, so no product form exists. Batch axes join int64 coordinates, which WebGPU leaves to the processor.
 */
export const indexNDRules = {
  GatherND: { infer: inferGatherND, gradient: (g, node, dy) => [gatherNDGradient(g, node, dy), null] },
  ScatterND: {
    infer: inferScatterND,
    gradient: (g, node, dy, wanted) => {
      const [indices, updates] = [inputOf(node, 1), inputOf(node, 2)];
      const adds = scatterAdds(node);
      const kept = (): Value => (adds ? dy : scatterND(g, dy, indices, zerosOf(g, updates.shape, dy.dtype)));
      return [wanted[0] ? kept() : null, null, wanted[2] ? gatherND(g, dy, indices) : null];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

/**
 * The blocks of x at `indices` (int64) [..., K]: each names a coordinate in K axes of x, after `batchDims` leading axes
 * that both share. The result is [..., rest of x].
 */
export function gatherND(g: Builder, x: Value, indices: Value, batchDims = 0): Value {
  return g.node('GatherND', [x, indices], { batch_dims: batchDims });
}

/**
 * x with `updates` [..., rest of x] written or added at `indices` [..., K]: the reverse of `gatherND`. Where 'none' writes
 * one place twice, any of the updates may count: keep such indices apart.
 */
export function scatterND(
  g: Builder,
  x: Value,
  indices: Value,
  updates: Value,
  reduction: 'none' | 'add' = 'none',
): Value {
  return g.node('ScatterND', [x, indices, updates], { reduction });
}
