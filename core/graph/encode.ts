import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { getTextEncoding } from '@bufbuild/protobuf/wire';
import { elementTypes, modelSchema } from './onnx-schema.ts';
import { rules } from './rules.ts';
import type { Tensor } from './tensor.ts';
import type { Attribute, Graph, Node, Port } from './value.ts';

/** What an ONNX file says besides its graph. */
export interface EncodeOptions {
  /** Version of the standard ops; the rules are written for 18. */
  readonly opset?: number;
  /** Key-value pairs kept in the file (`metadata_props`). */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The bytes of an ONNX file (ModelProto, ir_version 8) that any ONNX Runtime runs. */
export function encode(graph: Graph, { opset = 18, metadata = {} }: EncodeOptions = {}): Uint8Array<ArrayBuffer> {
  const { names, copies } = outputNames(graph);
  const nameOf = (id: string): string => names.get(id) ?? id;
  const contrib = graph.nodes.some((node) => rules[node.op].domain);
  const initializers = Object.entries(graph.constants);
  const fields = {
    irVersion: 8n,
    producerName: 'congeal',
    opsetImport: [
      { domain: '', version: BigInt(opset) },
      ...(contrib ? [{ domain: 'com.microsoft', version: 1n }] : []),
    ],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'congeal',
      node: [...graph.nodes.map((node) => nodeFields(node, nameOf)), ...copies],
      initializer: initializers.map(([id, of]) => tensorFields(of, nameOf(id))),
      input: graph.inputs.map((port) => portFields(port)),
      output: graph.outputs.map((port) => portFields(port)),
    },
  };
  return toBinary(modelSchema, create(modelSchema, fields as MessageInitShape<typeof modelSchema>));
}

/**
 * Gives computed values the name of their output; inputs, constants and second names get an Identity node. Inner values that
 * are called as an output of the graph get another name: other programs write `Relu:0` too.
 */
function outputNames({ inputs, outputs, nodes, constants }: Graph): { names: Map<string, string>; copies: object[] } {
  const computed = new Set(nodes.flatMap((node) => node.outputs.map(({ id }) => id)));
  const names = new Map<string, string>();
  for (const { name, value } of outputs) if (computed.has(value.id) && !names.has(value.id)) names.set(value.id, name);
  const inner = [...computed, ...Object.keys(constants)];
  const results = new Set(outputs.map(({ name }) => name));
  const taken = new Set([...inner, ...results, ...inputs.map(({ name }) => name)]);
  for (const id of inner) {
    if (names.has(id) || !results.has(id)) continue;
    let other = id;
    do other = `inner ${other}`;
    while (taken.has(other));
    names.set(id, other);
  }
  const copies = outputs.flatMap(({ name, value: { id } }) =>
    names.get(id) === name ? [] : [{ opType: 'Identity', input: [names.get(id) ?? id], output: [name] }],
  );
  return { names, copies };
}

function nodeFields(node: Node, nameOf: (id: string) => string): object {
  const inputs = node.inputs.map((input) => (input ? nameOf(input.id) : ''));
  while (inputs.at(-1) === '') inputs.pop();
  return {
    opType: node.op,
    name: node.outputs[0].id,
    domain: rules[node.op].domain ?? '',
    input: inputs,
    output: node.outputs.map((output) => nameOf(output.id)),
    attribute: Object.entries(node.attributes).map(([name, value]) => ({ name, ...attributeFields(value) })),
  };
}

function attributeFields(value: Attribute): object {
  if (typeof value === 'number') return { type: 2, i: BigInt(value) };
  if (typeof value === 'string') return { type: 3, s: getTextEncoding().encodeUtf8(value) };
  if ('float' in value) return { type: 1, f: value.float };
  if ('floats' in value) return { type: 6, floats: [...value.floats] };
  if ('dtype' in value) return { type: 4, t: tensorFields(value, '') };
  return { type: 7, ints: value.map((item) => BigInt(item)) };
}

function tensorFields({ dtype, shape, data }: Tensor, name: string): object {
  return {
    name,
    dataType: elementTypes[dtype],
    dims: shape.map((size) => BigInt(size)),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function portFields({ name, value, dynamic }: Port): object {
  const dim = value.shape.map((size, axis) =>
    axis in dynamic ? { dimParam: dynamic[axis] } : { dimValue: BigInt(size) },
  );
  return { name, type: { tensorType: { elemType: elementTypes[value.dtype], shape: { dim } } } };
}
