import { transpose } from '../ops/movement.ts';
import { integers } from '../rule.ts';
import type { Node } from '../value.ts';
import type { Pass } from './pass.ts';

/** Two transpositions in a row are one, or none. */
export const transposeChains: Pass = {
  name: 'transpose chains',
  start:
    () =>
    (node, { g, producer }) => {
      const [x] = node.inputs;
      if (node.op !== 'Transpose' || !x) return undefined;
      const order = orderOf(node, x.shape.length);
      const before = producer(x);
      const source = before?.op === 'Transpose' ? before.inputs[0] : undefined;
      if (!before || !source) return order.every((axis, i) => axis === i) ? [x] : undefined;
      const first = orderOf(before, x.shape.length);
      return [
        transpose(
          g,
          source,
          order.map((axis) => first[axis]),
        ),
      ];
    },
};

function orderOf({ attributes }: Node, rank: number): readonly number[] {
  return integers(
    attributes,
    'perm',
    Array.from({ length: rank }, (_, axis) => rank - 1 - axis),
  );
}
