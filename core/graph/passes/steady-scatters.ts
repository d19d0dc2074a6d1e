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

function inPieces(node: Node, { g, rigid }: Workshop): readonly Value[] | undefined {
  if (node.op !== 'ScatterND' || text(node.attributes, 'reduction', 'none') === 'none') return undefined;
  const [x, indices, updates] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const depth = indices.shape.at(-1) ?? 0;
  const block = x.shape.slice(depth);
  const [blocks, size] = [elementCount(indices.shape.slice(0, -1)), elementCount(block)];
  if (blocks * size <= mostOfOneThread || !rigid(indices)) return undefined;
  const inPiece = Math.max(1, Math.floor(mostOfOneThread / size));
  const places = reshape(g, indices, [blocks, depth]);
  const values = reshape(g, updates, [blocks, ...block]);
  let result = x;
  for (let start = 0; start < blocks; start += inPiece) {
    const piece = { axes: [0], starts: [start], ends: [Math.min(start + inPiece, blocks)] };
    result = g.node('ScatterND', [result, slice(g, places, piece), slice(g, values, piece)], node.attributes);
  }
  return [result];
}
