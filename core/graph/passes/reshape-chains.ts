import { reshape } from '../ops/movement.ts';
import { integers } from '../rule.ts';
import { numbers, sameShape } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import type { Pass, Workshop } from './pass.ts';

const regrouping = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze']);

/** Of several ops in a row that only regroup elements the last one is enough; none is needed where the shape stays. */
export const reshapeChains: Pass = {
  name: 'reshape chains',
  start: () => (node, at) => {
    const [x] = node.inputs;
    if (!x) return undefined;
    if (!regrouping.has(node.op) && !movesNothing(node, x, at)) return undefined;
    const source = sourceOf(x, at);
    const { shape } = node.outputs[0];
    if (!node.inputs.every((input) => at.rigid(input))) {
      const wanted = node.op === 'Reshape' ? at.constant(node.inputs[1]) : undefined;
      const free = wanted && !numbers(wanted).includes(0);
      return free && source !== x ? [at.g.node('Reshape', [source, node.inputs[1]])] : undefined;
    }
    if (sameShape(source.shape, shape)) return [source];
    return source !== x || node.op === 'Transpose' ? [reshape(at.g, source, shape)] : undefined;
  },
};

/** What the elements of a value were before they were regrouped. */
function sourceOf(x: Value, { producer }: Workshop): Value {
  let source = x;
  for (let node = producer(source); node && regrouping.has(node.op) && node.inputs[0]; node = producer(source)) {
    source = node.inputs[0];
  }
  return source;
}

/** A transposition that leaves the axes longer than 1 in their order is a change of shape. */
function movesNothing({ op, attributes }: Node, x: Value, { rigid }: Workshop): boolean {
  if (op !== 'Transpose' || !rigid(x)) return false;
  const order = integers(attributes, 'perm', x.shape.map((_, axis) => axis).reverse());
  const long = order.filter((axis) => x.shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > long[i - 1]);
}
