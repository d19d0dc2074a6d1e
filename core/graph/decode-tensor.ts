import { GraphError } from './graph-error.ts';
import { elementTypes, type TensorProto } from './onnx-schema.ts';
import { shapeText } from './rule.ts';
import { allocate, type DType, elementCount, tensor, type Tensor, wrap } from './tensor.ts';

/** Names of ONNX element types that graphs do not hold, for messages. */
const otherTypes: Readonly<Partial<Record<number, string>>> = {
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  8: 'string',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
};

const dtypes = new Map(Object.entries(elementTypes).map(([name, number]) => [number as number, name as DType]));

/** ONNX numbers of the half floats, which are widened to float32 as they are read: exactly, nothing is rounded. */
const halves: Readonly<Partial<Record<number, (bits: number) => number>>> = { 10: fromFloat16, 16: fromBfloat16 };

/** The dtype that an ONNX element type is held in; half floats are widened to float32. */
export function heldAs(elementType: number): DType | undefined {
  return elementType in halves ? 'float32' : dtypes.get(elementType);
}

/** The name of an ONNX element type for messages. */
export function elementTypeName(elementType: number): string {
  if (elementType === 10) return 'float16';
  if (elementType === 16) return 'bfloat16';
  return dtypes.get(elementType) ?? otherTypes[elementType] ?? `type ${elementType}`;
}

/**
 * The tensor of a constant, or the reason why graphs cannot hold it. Memory is taken only when the bytes are there.
 * **Throws** GraphError when it lies in another file or does not hold what it declares.
 */
export function decodeTensor(of: TensorProto, called = `constant '${of.name}'`): Tensor | string {
  if (of.dataLocation === 1) {
    throw new GraphError(
      `${called} lies in another file, expected it in the model: save the model with its data inside`,
    );
  }
  const shape = of.dims.map(Number);
  if (shape.length > 16 || shape.some((size) => size < 0 || !Number.isSafeInteger(size))) {
    throw new GraphError(`${called} has the impossible shape ${shapeText(shape.slice(0, 17))}; the file is damaged`);
  }
  const dtype = heldAs(of.dataType);
  if (!dtype) return `it holds ${elementTypeName(of.dataType)}, which graphs do not know`;
  const count = elementCount(shape);
  const widen = halves[of.dataType];
  const raw = of.rawData;
  if (raw && raw.length > 0) {
    const width = widen ? 2 : allocate(dtype, 1).byteLength;
    if (raw.length !== count * width) throw sizeError(called, `${raw.length} bytes`, `${count * width}`, shape);
    if (widen) return wrap('float32', shape, widened(new Uint16Array(aligned(raw)), widen));
    const data = allocate(dtype, count);
    new Uint8Array(data.buffer).set(raw);
    return wrap(dtype, shape, data);
  }
  const list = listOf(of, dtype, widen !== undefined);
  if (list.length !== count) throw sizeError(called, `${list.length} numbers`, `${count}`, shape);
  if (widen) return wrap('float32', shape, widened(list as number[], widen));
  return dtype === 'int64'
    ? wrap(dtype, shape, BigInt64Array.from(list as bigint[]))
    : tensor(list as number[], shape, dtype);
}

function listOf(of: TensorProto, dtype: DType, half: boolean): readonly number[] | readonly bigint[] {
  if (half) return of.int32Data;
  if (dtype === 'int64') return of.int64Data;
  if (dtype === 'float64') return of.doubleData;
  return dtype === 'float32' ? of.floatData : of.int32Data;
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}

function widened(bits: ArrayLike<number>, widen: (bits: number) => number): Float32Array {
  return Float32Array.from(bits, widen);
}

/** **Source**: IEEE 754-2008 binary16. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits & 0xffff);
  return view.getFloat32(0);
}

function sizeError(called: string, found: string, expected: string, shape: readonly number[]): GraphError {
  return new GraphError(
    `${called} holds ${found}, expected ${expected} for its shape ${shapeText(shape)}; the file is damaged`,
  );
}
