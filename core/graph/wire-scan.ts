import { GraphError } from './graph-error.ts';
import { messages } from './onnx-schema.ts';

/** What reading a protobuf file would build, counted without building it. */
export interface WireScan {
  /** Messages of all kinds: each becomes an object. */
  readonly messages: number;
  /** Bytes of packed whole numbers: each number becomes a bigint. */
  readonly packed: number;
  /** How deep messages lie within each other. */
  readonly depth: number;
  /** Tensors whose data lie in another file. */
  readonly external: number;
}

/** Where tensors may lie besides those that graphs can hold. */
const further: typeof messages = {
  AttributeProto: { tensors: [10, 'TensorProto[]'], graphs: [11, 'GraphProto[]'], ...sparse(22, 23) },
  GraphProto: sparse(15, 15),
  ModelProto: { training_info: [20, 'TrainingInfoProto[]'], functions: [25, 'FunctionProto[]'] },
  FunctionProto: { node: [7, 'NodeProto[]'], attribute_proto: [11, 'AttributeProto[]'] },
  SparseTensorProto: { values: [1, 'TensorProto'], indices: [2, 'TensorProto'] },
  TrainingInfoProto: { initialization: [1, 'GraphProto'], algorithm: [2, 'GraphProto'] },
};

function sparse(one: number, several: number): Readonly<Record<string, readonly [number, string]>> {
  return { sparse: [one, 'SparseTensorProto'], sparses: [several, 'SparseTensorProto[]'] };
}

/** Field number to what the field holds, per message. */
const held = new Map(
  [...new Set([...Object.keys(messages), ...Object.keys(further)])].map((name) => {
    const fields = { ...messages[name], ...further[name] };
    return [name, new Map(Object.values(fields).map(([number, type]) => [number, type.replace('[]', '')]))];
  }),
);

const dataLocation = messages['TensorProto']['data_location'][0];

/** Deepest nesting that is looked into; ONNX files without control flow need nine levels. */
const deepest = 32;

/**
 * Counts what the bytes of an ONNX file hold, walking the wire format in constant memory.
 * **Throws** GraphError when they are damaged or none, and when messages lie more than 32 deep.
 */
export function scanModel(bytes: Uint8Array): WireScan {
  const found = { messages: 1, packed: 0, depth: 1, external: 0 };
  walk(bytes, 0, bytes.length, 'ModelProto', 1, found);
  return found;
}

type Counts = { -readonly [K in keyof WireScan]: WireScan[K] };

function walk(bytes: Uint8Array, from: number, to: number, message: string, depth: number, found: Counts): void {
  if (depth > deepest) {
    throw new GraphError(
      `this is no ONNX model that can be read: its messages lie more than ${deepest} deep within each other; a model without control flow needs 9. Export the model again`,
    );
  }
  found.depth = Math.max(found.depth, depth);
  const fields = held.get(message);
  let at = from;
  while (at < to) {
    const [tag, start] = varint(bytes, at, to);
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    let [value, end] = [0, start];
    if (wireType === 0 || wireType === 2) [value, end] = varint(bytes, start, to);
    else if (wireType === 1) end += 8;
    else if (wireType === 5) end += 4;
    else throw damaged(at);
    const body = end;
    if (wireType === 2) end += value;
    if (end > to) throw damaged(at);
    const type = fields?.get(field);
    if (wireType === 0 && message === 'TensorProto' && field === dataLocation && value === 1) found.external += 1;
    if (wireType === 2 && (type === 'int64' || type === 'int32')) found.packed += value;
    if (wireType === 2 && type !== undefined && held.has(type)) {
      found.messages += 1;
      walk(bytes, body, end, type, depth + 1, found);
    }
    at = end;
  }
}

/** A whole number and where it ends; beyond 53 bits it loses digits, which no length or tag has. */
function varint(bytes: Uint8Array, from: number, to: number): [number, number] {
  let value = 0;
  let scale = 1;
  for (let at = from; at < Math.min(to, from + 10); at++) {
    value += (bytes[at] & 127) * scale;
    if (bytes[at] < 128) return [value, at + 1];
    scale *= 128;
  }
  throw damaged(from);
}

function damaged(at: number): GraphError {
  return new GraphError(`this is no ONNX model: what stands at byte ${at} is damaged or something else`);
}
