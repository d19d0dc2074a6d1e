import type { GraphBuilder } from '../builder.ts';
import type { Tensor } from '../tensor.ts';
import type { Node, Value } from '../value.ts';

/** What a rule may ask about the graph that is being rebuilt, and the builder with which it adds to it. */
export interface Workshop {
  readonly g: GraphBuilder;
  /** The numbers of a constant; undefined for everything that is computed or fed. */
  readonly constant: (value: Value | null | undefined) => Tensor | undefined;
  /** The node that computes a value. */
  readonly producer: (value: Value | null | undefined) => Node | undefined;
  /** Whether the value has the same shape at every run: nothing that it depends on has an open axis. */
  readonly rigid: (value: Value | null | undefined) => boolean;
  /** Whether a value is read in one place only, so that taking over its work repeats none. */
  readonly readOnce: (value: Value) => boolean;
}

/**
 * Looks at one node, whose inputs are values of the graph being rebuilt and whose outputs are those of the graph as it
 * was, and returns values that take the place of its outputs, or undefined to leave it as it is.
 */
export type Rule = (node: Node, at: Workshop) => readonly Value[] | undefined;

/** One way to simplify. It is started anew for every walk over a graph, so a rule may remember what it has seen. */
export interface Pass {
  readonly name: string;
  readonly start: () => Rule;
}
