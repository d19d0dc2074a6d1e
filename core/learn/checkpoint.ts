import { type Tensor, wrap } from '../graph/tensor.ts';
import { CongealError } from '../contract/errors.ts';

/** Anything that survives JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Everything a learner needs to go on from where it was: a stage's name, plain values, and tensors. */
export interface Checkpoint {
  readonly stage: string;
  readonly values: { readonly [key: string]: Json };
  readonly tensors: Readonly<Record<string, Tensor>>;
}

type TypedArray = Tensor['data'];

interface TensorEntry {
  readonly name: string;
  readonly dtype: Tensor['dtype'];
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

/** Raised whenever a learner's states, or the numbers that come between two of them, have become others. */
const version = 3;

interface Header {
  readonly version?: number;
  readonly stage: string;
  readonly values: Checkpoint['values'];
  readonly tensors: readonly TensorEntry[];
}

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
} satisfies Record<Tensor['dtype'], unknown>;

const alignment = 8;

/** Writes a checkpoint as bytes: header length, JSON header, then the tensors' raw little-endian data. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  let offset = 0;
  const entries = Object.entries(checkpoint.tensors).map(([name, tensor]): [TensorEntry, TypedArray] => {
    const entry = { name, dtype: tensor.dtype, shape: tensor.shape, offset, bytes: tensor.data.byteLength };
    offset += Math.ceil(entry.bytes / alignment) * alignment;
    return [entry, tensor.data];
  });
  const header: Header = {
    version,
    stage: checkpoint.stage,
    values: checkpoint.values,
    tensors: entries.map(([entry]) => entry),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + text.length) / alignment) * alignment;
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  for (const [entry, data] of entries)
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + entry.offset);
  return bytes;
}

/**
 * Reads what {@link encodeCheckpoint} wrote.
 *
 * **Throws** CongealError `checkpoint-mismatch` when the bytes are not a whole checkpoint, or one of another version of the
 * program: it would end with other bytes than a run of either.
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header;
    if (header.version !== version) throw ofAnotherVersion(header.version);
    const start = Math.ceil((4 + length) / alignment) * alignment;
    const tensors: Record<string, Tensor> = {};
    for (const entry of header.tensors) {
      const from = start + entry.offset;
      /* Not slice: that of a Buffer does not copy. */
      const copy = Uint8Array.from(bytes.subarray(from, from + entry.bytes));
      if (copy.length !== entry.bytes) throw new RangeError(`tensor ${entry.name} is cut short`);
      tensors[entry.name] = wrap(entry.dtype, entry.shape, new arrays[entry.dtype](copy.buffer));
    }
    return { stage: header.stage, values: header.values, tensors };
  } catch (cause) {
    if (cause instanceof CongealError) throw cause;
    throw new CongealError(
      'checkpoint-mismatch',
      `The checkpoint (${bytes.length} bytes) cannot be read: ${String(cause)}. Start the run again from the beginning.`,
      { cause },
    );
  }
}

function ofAnotherVersion(found: number | undefined): CongealError {
  return new CongealError(
    'checkpoint-mismatch',
    `The interrupted run was begun by another version of the program (its states are of version ${found ?? '2 or earlier'}, ` +
      `expected ${version}) and would not end with the same bytes. Start it again from the beginning (on the command line with --force, without --resume).`,
  );
}
