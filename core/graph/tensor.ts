import { GraphError } from './graph-error.ts';

/** The array that holds the elements of each dtype; `bool` is 0 or 1 per byte. */
interface DataByType {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly int64: BigInt64Array;
  readonly int32: Int32Array;
  readonly bool: Uint8Array;
  readonly uint8: Uint8Array;
}

/** Element types that graphs and sessions know. */
export type DType = keyof DataByType;

/** A dense row-major array: `data.length` is the product of `shape`; `shape` [] is a scalar. */
export type Tensor = {
  readonly [D in DType]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: DataByType[D] };
}[DType];

/** A tensor of one dtype. */
export type TensorOf<D extends DType> = Extract<Tensor, { dtype: D }>;

/** What a tensor can be made from. */
export type TensorSource = number | readonly number[] | Tensor['data'];

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** A float32 tensor over `data` (kept, not copied, when it is a Float32Array). **Throws** when the length does not fit. */
export function float32(data: Float32Array | readonly number[], shape: readonly number[]): TensorOf<'float32'> {
  const array = data instanceof Float32Array ? data : Float32Array.from(data);
  if (array.length !== elementCount(shape)) throw lengthError(array.length, shape);
  return { dtype: 'float32', shape, data: array };
}

/** An int64 tensor of whole numbers, one-dimensional unless a shape is given. */
export function int64(data: readonly number[], shape: readonly number[] = [data.length]): TensorOf<'int64'> {
  return tensor(data, shape, 'int64') as TensorOf<'int64'>;
}

/** A float32 scalar, shape []. */
export function scalar(value: number): TensorOf<'float32'> {
  return { dtype: 'float32', shape: [], data: Float32Array.of(value) };
}

/** A tensor of zeros. */
export function zeros(shape: readonly number[], dtype: DType = 'float32'): Tensor {
  return wrap(dtype, shape, allocate(dtype, elementCount(shape)));
}

/**
 * A tensor from a number, a list or a typed array. A typed array of the right kind is kept, everything else converted.
 * Shape defaults to [] for a number and [length] otherwise; dtype to that of the typed array, else float32.
 * **Throws** GraphError when length and shape do not fit.
 */
export function tensor(source: TensorSource, shape?: readonly number[], dtype?: DType): Tensor {
  const list = typeof source === 'number' ? [source] : source;
  const type = dtype ?? nativeType(list);
  const dims = shape ?? (typeof source === 'number' ? [] : [list.length]);
  if (list.length !== elementCount(dims)) throw lengthError(list.length, dims);
  return wrap(type, dims, nativeType(list) === type && !isList(list) ? list : convert(list, type));
}

/** The elements of a float32 tensor. **Throws** GraphError for another dtype. */
export function floats(of: Tensor): Float32Array {
  if (of.dtype !== 'float32') throw new GraphError(`expected a float32 tensor, found ${of.dtype}`);
  return of.data;
}

/** The elements of any tensor as a plain list of numbers (int64 included). */
export function numbers(of: Tensor): number[] {
  return of.dtype === 'int64' ? Array.from(of.data, Number) : Array.from(of.data);
}

/** A copy of a tensor that shares no memory with it. */
export function copyTensor(of: Tensor): Tensor {
  return wrap(of.dtype, [...of.shape], of.data.slice());
}

/** A tensor over the given array, which must be the one of its dtype. */
export function wrap(dtype: DType, shape: readonly number[], data: Tensor['data']): Tensor {
  return { dtype, shape, data } as Tensor;
}

/** A zeroed array of a dtype. */
export function allocate(dtype: DType, length: number): Tensor['data'] {
  if (dtype === 'float32') return new Float32Array(length);
  if (dtype === 'float64') return new Float64Array(length);
  if (dtype === 'int64') return new BigInt64Array(length);
  if (dtype === 'int32') return new Int32Array(length);
  return new Uint8Array(length);
}

function isList(source: readonly number[] | Tensor['data']): source is readonly number[] {
  return Array.isArray(source);
}

function nativeType(source: readonly number[] | Tensor['data']): DType {
  if (source instanceof Float64Array) return 'float64';
  if (source instanceof BigInt64Array) return 'int64';
  if (source instanceof Int32Array) return 'int32';
  if (source instanceof Uint8Array) return 'uint8';
  return 'float32';
}

function convert(list: readonly number[] | Tensor['data'], dtype: DType): Tensor['data'] {
  const values = list instanceof BigInt64Array ? Array.from(list, Number) : list;
  if (dtype === 'int64') return BigInt64Array.from(values, wholeNumber);
  const target = allocate(dtype, values.length) as Float32Array;
  target.set(values);
  return target;
}

/** Numbers beyond 64 bits, with which files say "to the end", become the largest there is. */
function wholeNumber(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  if (value <= -(2 ** 63)) return -(2n ** 63n);
  if (Number.isInteger(value)) return BigInt(value);
  throw new GraphError(`${value} is no whole number`);
}

function lengthError(length: number, shape: readonly number[]): GraphError {
  return new GraphError(`${length} elements do not fill the shape [${shape.join(', ')}]`);
}
