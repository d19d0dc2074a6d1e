import { broadcastShapes } from '../ops/broadcast.ts';
import { elementCount, sameShape } from '../tensor.ts';
import type { Pass } from './pass.ts';

const broadcasting = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow', 'And', 'Or', 'Where'],
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'],
]);

/** More axes than this are slow to broadcast along. */
const mostAxes = 4;

/** An op that broadcasts by itself needs no operand expanded before it. */
export const expansions: Pass = {
  name: 'expansions',
  start:
    () =>
    ({ op, inputs, outputs: [{ shape }], attributes }, { g, producer, rigid, readOnce }) => {
      if (!broadcasting.has(op) || !inputs.every((input) => rigid(input))) return undefined;
      const place = inputs.findIndex((input) => {
        const [source] = producer(input)?.inputs ?? [];
        if (!input || !source || producer(input)?.op !== 'Expand') return false;
        const single = elementCount(source.shape) === 1;
        if (!single && (shape.length > mostAxes || !readOnce(input))) return false;
        const shapes = inputs.map((other) => (other === input ? source : other)?.shape ?? []);
        return sameShape(broadcastShapes(op, shapes), shape);
      });
      if (place < 0) return undefined;
      const source = producer(inputs[place])?.inputs[0] ?? null;
      return [g.node(op, inputs.with(place, source), attributes)];
    },
};
