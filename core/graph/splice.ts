import { type DecodedModel, type DecodedNode, decode } from './decode.ts';
import { GraphError } from './graph-error.ts';
import type { OpName } from './op-name.ts';
import { type Builder, isIntegers } from './rule.ts';
import { rules } from './rules.ts';
import { type Tensor, tensor } from './tensor.ts';
import type { Attribute, Value } from './value.ts';

/**
 * Adds the nodes of an ONNX file to a graph being built, reading `inputs` (by the file's input names) instead of its own
 * inputs, and returns the values of `wanted` outputs; any inner value of the file may be wanted by its name too.
 * Weights become constants, so the spliced part is frozen, but gradients flow through it.
 * Ops of opsets 11 to 18 are accepted; axes that were attributes before become inputs.
 * **Throws** GraphError for an op without a rule, naming it, and for inputs or outputs that the file does not have.
 */
export function spliceModel(
  g: Builder,
  model: Uint8Array | DecodedModel,
  inputs: Readonly<Record<string, Value>>,
  wanted?: readonly string[],
): Record<string, Value> {
  const file = model instanceof Uint8Array ? decode(model) : model;
  const names = file.inputs.map(({ name }) => name);
  const missing = names.find((name) => !(name in inputs));
  const extra = Object.keys(inputs).find((name) => !names.includes(name));
  if (missing !== undefined || extra !== undefined) {
    throw new GraphError(
      `the spliced model has the inputs ${names.join(', ')}; given: ${Object.keys(inputs).join(', ')}`,
    );
  }
  const values = new Map<string, Value>(Object.entries(inputs));
  for (const [name, of] of Object.entries(file.constants)) values.set(name, g.constant(of));
  const results = wanted ?? file.outputs.map(({ name }) => name);
  for (const node of neededNodes(file, results)) addNode(g, node, file.opset, values);
  return Object.fromEntries(
    results.map((name) => {
      const value = values.get(name);
      if (!value) throw new GraphError(`the spliced model computes no '${name}'`);
      return [name, value];
    }),
  );
}

function neededNodes({ nodes }: DecodedModel, results: readonly string[]): DecodedNode[] {
  const needed = new Set(results);
  const found: DecodedNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    found.push(node);
    for (const name of node.inputs) needed.add(name);
  }
  return found.reverse();
}

function addNode(g: Builder, node: DecodedNode, opset: number, values: Map<string, Value>): void {
  if (node.op === 'Constant') {
    values.set(node.outputs[0], g.constant(constantOf(node)));
    return;
  }
  if (!isKnown(node)) {
    const where = node.domain === '' ? '' : ` of ${node.domain}`;
    throw new GraphError(
      `the op ${node.op}${where} (node '${node.name}') has no rule, so this model cannot be spliced`,
    );
  }
  if (opset < 11 || opset > 18) throw new GraphError(`the spliced model uses opset ${opset}, expected 11 to 18`);
  const inputs = node.inputs.map((name) => {
    const value = values.get(name);
    if (!value && name !== '')
      throw new GraphError(`node '${node.name}' (${node.op}) reads '${name}', which nothing computes`);
    return value ?? null;
  });
  const { axes, rest } = splitAxes(node);
  if (axes && inputs.length === 1) inputs.push(g.constant([...axes], [axes.length], 'int64'));
  const outputs = g.nodes(node.op, inputs, rest);
  node.outputs.forEach((name, i) => {
    if (name !== '' && i < outputs.length) values.set(name, outputs[i]);
  });
}

/** Reductions, Squeeze and Unsqueeze took their axes as an attribute before opset 13 or 18. */
function splitAxes(node: DecodedNode & { op: OpName }): {
  axes?: readonly number[];
  rest: Readonly<Record<string, Attribute>>;
} {
  const { axes, ...rest } = node.attributes;
  const moved = node.op.startsWith('Reduce') || node.op === 'Squeeze' || node.op === 'Unsqueeze';
  return moved && isIntegers(axes) ? { axes, rest } : { rest: node.attributes };
}

function isKnown(node: DecodedNode): node is DecodedNode & { op: OpName } {
  return node.op in rules && (rules[node.op as OpName].domain ?? '') === node.domain.replace('ai.onnx', '');
}

function constantOf({ name, attributes }: DecodedNode): Tensor {
  const { value, value_int: int, value_ints: ints, value_float: float, value_floats: floats } = attributes;
  if (typeof value === 'object' && 'dtype' in value) return value;
  if (typeof int === 'number') return tensor(int, [], 'int64');
  if (isIntegers(ints)) return tensor(ints, [ints.length], 'int64');
  if (typeof float === 'object' && 'float' in float) return tensor(float.float);
  if (typeof floats === 'object' && 'floats' in floats) return tensor(floats.floats);
  throw new GraphError(`Constant '${name}' holds no number that graphs know`);
}
