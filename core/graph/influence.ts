import { rules } from './rules.ts';
import type { Node, Value } from './value.ts';

/** Ids of all values through which a wanted value acts. */
export function reachedFrom(nodes: readonly Node[], wanted: readonly Value[]): Set<string> {
  const reached = new Set(wanted.map((value) => value.id));
  for (const node of nodes) {
    if (!node.inputs.some((input) => carries(input) && reached.has(input.id))) continue;
    for (const output of node.outputs) if (isFloat(output)) reached.add(output.id);
  }
  return reached;
}

/** Why no gradient reaches a value: the op at which its influence on the loss stops being differentiable, or none at all. */
export function withoutGradient(nodes: readonly Node[], loss: Value, wanted: Value): string {
  const needed = new Set([loss.id]);
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output.id))) continue;
    for (const input of node.inputs) if (input) needed.add(input.id);
  }
  if (!needed.has(wanted.id)) {
    return `the loss does not depend on '${wanted.id}'; leave it out of the wanted values`;
  }
  const reached = reachedFrom(nodes, [wanted]);
  const cut = nodes.find(
    (node) =>
      node.inputs.some((input) => input && reached.has(input.id)) &&
      node.outputs.some((output) => needed.has(output.id) && !reached.has(output.id)),
  );
  const rule = cut && rules[cut.op].gradient;
  const why = typeof rule === 'object' ? rule.none : 'its result carries none, or its input is detached';
  return `no gradient passes ${cut?.op ?? 'the graph'} on the way from the loss to '${wanted.id}': ${why}`;
}

/** Whether a gradient may flow through an input: it is there, a float, and not detached. */
export function carries(input: Value | null): input is Value {
  return input !== null && !input.detached && isFloat(input);
}

/** Whether a value is of a dtype that carries gradients. */
export function isFloat(value: Value): boolean {
  return value.dtype === 'float32' || value.dtype === 'float64';
}
