import { GraphError } from './graph-error.ts';
import { carries, isFloat, reachedFrom, withoutGradient } from './influence.ts';
import { type Builder, shapeText } from './rule.ts';
import { rules } from './rules.ts';
import { elementCount, sameShape } from './tensor.ts';
import type { Node, Value } from './value.ts';

/** A builder that also tells which nodes it holds. */
export interface Differentiable extends Builder {
  soFar(): readonly Node[];
}

/**
 * Adds the nodes that compute the gradient of `loss` (one element, float) with respect to each wanted value, and
 * returns one value per wanted value, of its shape and dtype. Gradients flow through floats that are not detached.
 * **Throws** GraphError, naming op and input, where an op on the way has no gradient, and when the loss does not depend
 * on a wanted value.
 */
export function backward(g: Differentiable, loss: Value, wanted: readonly Value[]): Value[] {
  if (elementCount(loss.shape) !== 1 || !isFloat(loss)) {
    throw new GraphError(`backward: the loss is ${loss.dtype} ${shapeText(loss.shape)}, expected a single float`);
  }
  const nodes = [...g.soFar()];
  const reached = reachedFrom(nodes, wanted);
  const parts = new Map<string, Value[]>([[loss.id, [g.constant([1], loss.shape, loss.dtype)]]]);
  const total = (value: Value): Value | null => {
    const found = parts.get(value.id);
    if (!found) return null;
    const sum = found.reduce((a, b) => g.node('Add', [a, b]));
    parts.set(value.id, [sum]);
    return sum;
  };
  for (const node of nodes.reverse()) {
    const wantedInputs = node.inputs.map((input) => carries(input) && reached.has(input.id));
    if (!wantedInputs.includes(true) || !node.outputs.some((output) => parts.has(output.id))) continue;
    const gradients = gradientsOf(g, node, node.outputs.map(total), wantedInputs);
    node.inputs.forEach((input, index) => {
      if (!input || !wantedInputs[index]) return;
      const gradient = checked(node, index, input, gradients[index]);
      parts.set(input.id, [...(parts.get(input.id) ?? []), gradient]);
    });
  }
  return wanted.map((value) => {
    const gradient = total(value);
    if (!gradient) throw new GraphError(`backward: ${withoutGradient(g.soFar(), loss, value)}`);
    return gradient;
  });
}

function gradientsOf(
  g: Builder,
  node: Node,
  outputs: readonly (Value | null)[],
  wanted: boolean[],
): readonly (Value | null)[] {
  const { gradient } = rules[node.op];
  if (typeof gradient !== 'function') {
    const index = wanted.indexOf(true);
    throw new GraphError(
      `${node.op}: no gradient reaches input ${index} ('${node.inputs[index]?.id ?? ''}'): ${gradient.none}`,
    );
  }
  /* Where an axis has size 0 there is nothing to compute; rules need not know of it. */
  const idle = node.outputs.every(isEmpty);
  const asked = node.inputs.map((input, index) => wanted[index] && !idle && input !== null && !isEmpty(input));
  const found = asked.includes(true) ? gradient(g, node, outputs[0] ?? zeros(g, node.outputs[0]), asked, outputs) : [];
  if (found.length > node.inputs.length && found.slice(node.inputs.length).some((value) => value !== null)) {
    throw new GraphError(`${node.op}: its rule gives ${found.length} gradients for ${node.inputs.length} inputs`);
  }
  return node.inputs.map((input, index) => (input && wanted[index] && !asked[index] ? zeros(g, input) : found[index]));
}

function isEmpty({ shape }: Value): boolean {
  return elementCount(shape) === 0;
}

function zeros(g: Builder, { shape, dtype }: Value): Value {
  return g.node('Expand', [g.constant(0, [], dtype), g.constant([...shape], [shape.length], 'int64')]);
}

function checked(node: Node, index: number, input: Value, gradient: Value | null | undefined): Value {
  if (!gradient) {
    throw new GraphError(
      `${node.op}: not differentiable toward input ${index} ('${input.id}'); detach it if that is meant`,
    );
  }
  if (gradient.dtype !== input.dtype || !sameShape(gradient.shape, input.shape)) {
    throw new GraphError(
      `${node.op}: the gradient of input ${index} ('${input.id}') is ${gradient.dtype} ${shapeText(gradient.shape)}, expected ${input.dtype} ${shapeText(input.shape)}`,
    );
  }
  return gradient;
}
