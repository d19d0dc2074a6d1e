import { mul } from '../ops/arithmetic.ts';
import { reshape, slice } from '../ops/movement.ts';
import { inputOf, text } from '../rule.ts';
import { elementCount } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import type { Pass, Workshop } from './pass.ts';

/**
 * ONNX Runtime gives a ScatterND to several threads from 210,000 written elements on, without keeping two of them from
 * adding to one place at the same time: updates are lost. Up to here a single one does it.
 */
const mostOfOneThread = 2 ** 17;

/** A ScatterND that adds up (or multiplies, or takes extremes) in pieces that no threads share, one after the other. */
export const steadyScatters: Pass = {
  name: 'steady scatters',
  start: () => (node, at) => inPieces(node, at),
};

/** The updates of blocks `start` to `end`. */
type Part = (start: number, end: number) => Value;

function inPieces(node: Node, at: Workshop): readonly Value[] | undefined {
  const { g, rigid } = at;
  if (node.op !== 'ScatterND' || text(node.attributes, 'reduction', 'none') === 'none') return undefined;
  const [x, indices, updates] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const depth = indices.shape.at(-1) ?? 0;
  const block = x.shape.slice(depth);
  const [blocks, size] = [elementCount(indices.shape.slice(0, -1)), elementCount(block)];
  if (blocks * size <= mostOfOneThread || !rigid(indices)) return undefined;
  const inPiece = Math.max(1, Math.floor(mostOfOneThread / size));
  const places = reshape(g, indices, [blocks, depth]);
  const partOf = repeatedRows(updates, at, inPiece) ?? rowsOf(reshape(g, updates, [blocks, ...block]), at);
  let result = x;
  for (let start = 0; start < blocks; start += inPiece) {
    const end = Math.min(start + inPiece, blocks);
    const values = reshape(g, partOf(start, end), [end - start, ...block]);
    result = g.node('ScatterND', [result, rowsOf(places, at)(start, end), values], node.attributes);
  }
  return [result];
}

function rowsOf(values: Value, { g }: Workshop): Part {
  return (start, end) => slice(g, values, { axes: [0], starts: [start], ends: [end] });
}

/**
 * Rows that are repeated with a factor each, [K, P, 1] times [1, P, C], as the sampler's gradient has them: each piece is
 * multiplied when it is written, while it is in the cache, instead of all of them before. A piece must not reach over the
 * end of the rows.
 */
function repeatedRows(updates: Value, at: Workshop, inPiece: number): Part | undefined {
  const { g, producer } = at;
  const made = producer(updates);
  const product = made?.op === 'Reshape' ? producer(made.inputs[0]) : made;
  const [factors, rows] = product?.inputs ?? [];
  if (product?.op !== 'Mul' || !factors || !rows || factors.shape.length !== 3 || rows.shape.length !== 3)
    return undefined;
  const [repeats, count, one] = factors.shape;
  const [single, same, channels] = rows.shape;
  if (one !== 1 || single !== 1 || same !== count || updates.shape.at(-1) !== channels) return undefined;
  if (count % inPiece !== 0) return undefined;
  const eachFactor = rowsOf(reshape(g, factors, [repeats * count, 1]), at);
  const eachRow = rowsOf(reshape(g, rows, [count, channels]), at);
  const cut = new Map<number, Value>();
  return (start, end) => {
    const from = start % count;
    const part = cut.get(from) ?? eachRow(from, from + end - start);
    cut.set(from, part);
    return mul(g, eachFactor(start, end), part);
  };
}
