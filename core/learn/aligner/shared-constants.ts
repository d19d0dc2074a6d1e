import type { Builder } from '../../graph/rule.ts';
import { tensor, type Tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';

/** A view of a builder in which equal constants, however large, are one value: what is unrolled stays small. */
export function sharedConstants(g: Builder): Builder {
  const known = new Map<string, { readonly of: Tensor; readonly value: Value }[]>();
  return {
    node: (op, inputs, attributes) => g.node(op, inputs, attributes),
    nodes: (op, inputs, attributes) => g.nodes(op, inputs, attributes),
    known: (value) => g.known(value),
    constant: (data, shape, dtype) => {
      const of = typeof data === 'object' && 'dtype' in data ? data : tensor(data, shape, dtype);
      const key = `${of.dtype} ${of.shape.join()} ${hashOf(bytesOf(of))}`;
      const bucket = known.get(key) ?? [];
      const found = bucket.find((entry) => Buffer.compare(bytesOf(entry.of), bytesOf(of)) === 0);
      if (found) return found.value;
      const value = g.constant(of);
      known.set(key, [...bucket, { of, value }]);
      return value;
    },
  };
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** **Source**: FNV-1a. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
