import { numbers } from '../tensor.ts';
import type { Attribute, Node, Value } from '../value.ts';
import type { Pass } from './pass.ts';

/** The same op on the same values is computed once. No op of ours draws at random, so equal nodes give equal results. */
export const commonSubexpressions: Pass = {
  name: 'common subexpressions',
  start: () => {
    const seen = new Map<string, readonly Value[]>();
    return (node, { g }) => {
      const key = keyOf(node);
      const outputs = seen.get(key) ?? g.nodes(node.op, node.inputs, node.attributes);
      seen.set(key, outputs);
      return outputs;
    };
  },
};

/** Of a commutative pair the order does not matter. */
const commutative = new Set(['Add', 'Mul', 'Equal', 'And', 'Or']);

function keyOf({ op, inputs, attributes, outputs }: Node): string {
  const ids = inputs.map((input) => input?.id ?? '');
  if (commutative.has(op)) ids.sort();
  const settings = Object.entries(attributes).map(([name, value]) => `${name}=${attributeText(value)}`);
  return [op, outputs.length, ...ids, ...settings.sort()].join('\n');
}

function attributeText(value: Attribute): string {
  if (typeof value === 'object' && 'dtype' in value)
    return `${value.dtype} ${value.shape.join()} ${numbers(value).join()}`;
  return JSON.stringify(value);
}
