import { GraphError } from './graph-error.ts';
import type { OpName } from './op-name.ts';
import type { DType, Tensor, TensorSource } from './tensor.ts';
import type { Attribute, Attributes, Node, Value, ValueType } from './value.ts';

/** What op functions and gradient rules need of a graph being built; `GraphBuilder` is the one implementation. */
export interface Builder {
  /** Adds a node and returns its first output. */
  node(op: OpName, inputs: readonly (Value | null)[], attributes?: Attributes): Value;
  /** Adds a node and returns all its outputs. */
  nodes(op: OpName, inputs: readonly (Value | null)[], attributes?: Attributes): readonly Value[];
  /** A constant; equal small constants are one value. */
  constant(data: TensorSource | Tensor, shape?: readonly number[], dtype?: DType): Value;
  /** What is known about a value while the graph is built: constants, and what follows from static shapes. */
  known(value: Value): Tensor | undefined;
}

/** A node before its outputs exist, as a shape rule sees it. */
export interface OpCall {
  readonly op: OpName;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
  /** The numbers of input `index` if they are known while building. */
  known(index: number): number[] | undefined;
}

/** An output as a shape rule describes it; `known` carries its numbers where they follow from static shapes. */
export interface Inferred extends ValueType {
  readonly known?: Tensor;
}

/**
 * Gradients of one node's inputs, one value or null per input, built from `dy`, the gradient of its first output.
 * Only inputs with `wanted[i]` need one; `all` holds the gradients of every output.
 */
export type Gradient = (
  g: Builder,
  node: Node,
  dy: Value,
  wanted: readonly boolean[],
  all: readonly (Value | null)[],
) => readonly (Value | null)[];

/** An op's whole meaning to a graph: its outputs' shapes and its gradient, or the reason why there is none. */
export interface OpRule {
  readonly domain?: 'com.microsoft';
  readonly infer: (call: OpCall) => readonly Inferred[];
  readonly gradient: Gradient | { readonly none: string };
}

/** Input `index` of a call. **Throws** GraphError when it is missing. */
export function required(call: OpCall, index: number): Value {
  const value = call.inputs.at(index);
  if (!value) throw new GraphError(`${call.op}: input ${index} is missing`);
  return value;
}

/** Known numbers of input `index`. **Throws** GraphError when they are not known while the graph is built. */
export function requiredNumbers(call: OpCall, index: number): number[] {
  const found = call.known(index);
  if (!found) throw new GraphError(`${call.op}: input ${index} must be a constant, so that shapes are known`);
  return found;
}

/** Input `index` of a node in a gradient rule. **Throws** GraphError when it is missing. */
export function inputOf(node: Node, index: number): Value {
  const value = node.inputs.at(index);
  if (!value) throw new GraphError(`${node.op}: input ${index} is missing`);
  return value;
}

/** A whole-number attribute. */
export function integer(attributes: Attributes, name: string, fallback: number): number {
  const found = attributes[name];
  return typeof found === 'number' ? found : fallback;
}

/** A list of whole numbers. */
export function integers(attributes: Attributes, name: string, fallback: readonly number[]): readonly number[] {
  const found = attributes[name];
  return isIntegers(found) ? found : fallback;
}

/** A text attribute. */
export function text(attributes: Attributes, name: string, fallback: string): string {
  const found = attributes[name];
  return typeof found === 'string' ? found : fallback;
}

/** A float attribute. */
export function float(attributes: Attributes, name: string, fallback: number): number {
  const found = attributes[name];
  return typeof found === 'object' && 'float' in found ? found.float : fallback;
}

/** Whether an attribute is a list of whole numbers. */
export function isIntegers(attribute: Attribute | undefined): attribute is readonly number[] {
  return Array.isArray(attribute);
}

/** Axis counted from the front. **Throws** GraphError when the rank has no such axis. */
export function axisOf(op: string, axis: number, rank: number): number {
  const front = axis < 0 ? axis + rank : axis;
  if (front < 0 || front >= rank) throw new GraphError(`${op}: axis ${axis} does not exist in rank ${rank}`);
  return front;
}

/** A shape as text for messages. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
