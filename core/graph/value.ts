import type { OpName } from './op-name.ts';
import type { DType, Tensor } from './tensor.ts';

/** Shape and dtype of a value. */
export interface ValueType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** One tensor that flows through a graph; `detached` marks a use through which no gradient passes. */
export interface Value extends ValueType {
  readonly id: string;
  readonly detached?: true;
}

/** An attribute: a whole number, a text, a list of whole numbers, a tensor, or `{ float }` / `{ floats }`. */
export type Attribute =
  number | string | readonly number[] | Tensor | { readonly float: number } | { readonly floats: readonly number[] };

/** Attributes by their ONNX name. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** One operation; a missing optional input is null. */
export interface Node {
  readonly op: OpName;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

/** Axis to symbol: which axes of an input or output may have any size when the encoded model runs. */
export type DynamicAxes = Readonly<Record<number, string>>;

/** A named input or output of a graph. */
export interface Port {
  readonly name: string;
  readonly value: Value;
  readonly dynamic: DynamicAxes;
}

/** A graph as plain data; nodes are in an order in which they can run, `constants` are keyed by value id. */
export interface Graph {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly Node[];
  readonly constants: Readonly<Record<string, Tensor>>;
}

/** The same value, seen through a pane that gradients do not pass. */
export function detach(value: Value): Value {
  return { ...value, detached: true };
}
