import type { DecodedNode } from '../decode.ts';
import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import { type Builder, isIntegers } from '../rule.ts';
import { numbers } from '../tensor.ts';
import type { Attribute, Attributes, Value } from '../value.ts';

/** A node of a file about to become nodes of a graph: its inputs are values already. */
export interface Reading {
  readonly g: Builder;
  readonly opset: number;
  readonly node: DecodedNode;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
  /** Whether what the node reads may have another size when the graph runs. */
  readonly open: boolean;
}

/** Says in ops of opset 18 what a node of any readable opset means; returns the node's outputs. */
export type Reader = (of: Reading) => readonly Value[];

/** The node as it stands, with some inputs or attributes replaced; an attribute that is undefined is dropped. */
export function asIs(
  { g, node, inputs, attributes }: Reading,
  change: {
    readonly op?: OpName;
    readonly inputs?: readonly (Value | null)[];
    readonly attributes?: Readonly<Record<string, Attribute | undefined>>;
  } = {},
): readonly Value[] {
  const merged = Object.entries({ ...attributes, ...change.attributes }).filter(
    (pair): pair is [string, Attribute] => pair[1] !== undefined,
  );
  return g.nodes(change.op ?? (node.op as OpName), change.inputs ?? inputs, Object.fromEntries(merged));
}

/** Input `index` of the node. **Throws** GraphError when it is missing. */
export function need({ inputs }: Reading, index: number): Value {
  const found = inputs.at(index);
  if (!found) throw new GraphError(`input ${index} is missing`);
  return found;
}

/**
 * Says that the reader counts on the sizes at hand.
 * **Throws** GraphError where they may be others when the graph runs.
 */
export function needFixed({ open }: Reading): void {
  if (open) throw new GraphError('it needs sizes that cannot change, and an axis is left open; give that axis a size');
}

/** The numbers of input `index` where they are known while the graph is built. */
export function knownNumbers({ g, inputs }: Reading, index: number): number[] | undefined {
  const found = inputs[index] ? g.known(inputs[index]) : undefined;
  return found && numbers(found);
}

/** A list of whole numbers as a constant. */
export function whole(g: Builder, list: readonly number[]): Value {
  return g.constant([...list], [list.length], 'int64');
}

/** Reader of an op whose list `name` was an attribute in older opsets and is input `index` since. */
export function listAsInput(name: string, index = 1): Reader {
  return (of) => {
    const found = of.attributes[name];
    if (!isIntegers(found)) return asIs(of);
    const inputs = [...of.inputs];
    inputs[index] ??= whole(of.g, found);
    return asIs(of, { inputs, attributes: { [name]: undefined } });
  };
}
