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
}

/** Field number to the message it holds, per message. */
const nested = new Map(
  Object.entries(messages).map(([name, fields]) => [
    name,
    new Map(Object.values(fields).map(([number, type]) => [number, type.replace('[]', '')])),
  ]),
);

/** Deepest nesting that is looked into; ONNX files without control flow need nine levels. */
const deepest = 32;

/**
 * Counts what the bytes of an ONNX file hold, walking the wire format in constant memory. Where the bytes are damaged it
 * stops counting: the reader that follows meets the same damage and says so.
 * **Throws** GraphError when messages lie more than 32 deep.
 */
export function scanModel(bytes: Uint8Array): WireScan {
  const found = { messages: 1, packed: 0, depth: 1 };
  walk(bytes, 0, bytes.length, 'ModelProto', 1, found);
  return found;
}

type Counts = { -readonly [K in keyof WireScan]: WireScan[K] };

function walk(bytes: Uint8Array, from: number, to: number, message: string, depth: number, found: Counts): void {
  if (depth > deepest) {
    throw new GraphError(
      `this is no ONNX model that graphs can hold: its messages lie more than ${deepest} deep within each other; a model without control flow needs 9. Export the model again`,
    );
  }
  found.depth = Math.max(found.depth, depth);
  const fields = nested.get(message);
  let at = from;
  while (at < to) {
    const [tag, start] = varint(bytes, at, to);
    const wireType = tag & 7;
    at = start;
    if (wireType === 0) at = varint(bytes, at, to)[1];
    else if (wireType === 1) at += 8;
    else if (wireType === 5) at += 4;
    else if (wireType === 2) {
      const [length, body] = varint(bytes, at, to);
      at = body + length;
      if (at > to) return;
      const type = fields?.get(tag >>> 3);
      if (type === 'int64' || type === 'int32') found.packed += length;
      if (type === undefined || !nested.has(type)) continue;
      found.messages += 1;
      walk(bytes, body, at, type, depth + 1, found);
    } else return;
  }
}

/** A number of at most 53 bits and where it ends; damage reads as a number that ends behind the file. */
function varint(bytes: Uint8Array, from: number, to: number): [number, number] {
  let value = 0;
  let scale = 1;
  for (let at = from; at < Math.min(to, from + 10); at++) {
    value += (bytes[at] & 127) * scale;
    if (bytes[at] < 128) return [value, at + 1];
    scale *= 128;
  }
  return [0, to + 1];
}
