import type { GraphBuilder } from '../../../core/graph/builder.ts';
import type { DType } from '../../../core/graph/tensor.ts';
import type { Value } from '../../../core/graph/value.ts';

/** One way to use an op: its inputs, drawn at random in a range unless given, and how it is built from them. */
export interface OpCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  readonly build: (g: GraphBuilder, inputs: Readonly<Record<string, Value>>) => Value;
  /** Inputs whose gradient is checked: all floats unless listed; none for ops without a gradient. */
  readonly wanted?: readonly string[];
}

/** Shape and content of an input of a case. */
export interface CaseInput {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly range?: readonly [number, number];
  readonly data?: readonly number[];
}
