import { GraphBuilder } from '../builder.ts';
import { GraphError } from '../graph-error.ts';
import { sameShape } from '../tensor.ts';
import type { Graph, Node, Value } from '../value.ts';
import type { Pass, Rule, Workshop } from './pass.ts';

/**
 * The graph rebuilt node by node; the first pass that has something to say puts other values in the place of a node's
 * outputs. Names and types of inputs and outputs stay; nodes and constants that no output needs any more are gone.
 * **Throws** GraphError when a pass puts a value of another shape or dtype there: a mistake in the pass.
 */
export function rewrite(graph: Graph, passes: readonly Pass[]): Graph {
  const g = new GraphBuilder();
  const values = new Map<string, Value>();
  const uses = countUses(graph);
  const read = new Map<string, number>();
  const put = (old: string, value: Value): void => {
    values.set(old, value);
    read.set(value.id, (read.get(value.id) ?? 0) + (uses.get(old) ?? 0));
  };
  const open = new Set<string>();
  for (const { name, value, dynamic } of graph.inputs) {
    put(value.id, g.input(name, value.shape, value.dtype, dynamic));
    if (Object.keys(dynamic).length > 0) open.add(name);
  }
  for (const [id, of] of Object.entries(graph.constants)) put(id, g.constant(of));
  let seen = 0;
  const at: Workshop = {
    g,
    constant: (value) => (value && !g.producer(value) ? g.known(value) : undefined),
    producer: (value) => (value ? g.producer(value) : undefined),
    rigid: (value) => {
      const nodes = g.soFar();
      for (; seen < nodes.length; seen++) {
        const { inputs, outputs } = nodes[seen];
        if (inputs.some((input) => input && open.has(input.id))) for (const { id } of outputs) open.add(id);
      }
      return !value || !open.has(value.id);
    },
    readOnce: (value) => (read.get(value.id) ?? 0) <= 1,
  };
  const rules = passes.map((pass) => ({ name: pass.name, rule: pass.start() }));
  for (const node of graph.nodes) {
    const candidate = { ...node, inputs: node.inputs.map((input) => input && valueOf(values, input)) };
    const outputs = replacement(candidate, rules, at) ?? g.nodes(node.op, candidate.inputs, node.attributes);
    node.outputs.forEach((output, i) => {
      put(output.id, outputs[i]);
    });
  }
  for (const { name, value, dynamic } of graph.outputs) g.output(name, valueOf(values, value), dynamic);
  return g.build();
}

function countUses({ nodes, outputs }: Graph): Map<string, number> {
  const uses = new Map<string, number>();
  const use = (id: string): unknown => uses.set(id, (uses.get(id) ?? 0) + 1);
  for (const { inputs } of nodes) for (const input of inputs) if (input) use(input.id);
  for (const { value } of outputs) use(value.id);
  return uses;
}

function valueOf(values: ReadonlyMap<string, Value>, { id }: Value): Value {
  const found = values.get(id);
  if (!found) throw new GraphError(`'${id}' is read before anything computes it`);
  return found;
}

function replacement(
  node: Node,
  rules: readonly { name: string; rule: Rule }[],
  at: Workshop,
): readonly Value[] | undefined {
  for (const { name, rule } of rules) {
    const found = rule(node, at);
    if (!found) continue;
    const fits = node.outputs.every(
      ({ shape, dtype }, i) => sameShape(shape, found[i].shape) && dtype === found[i].dtype,
    );
    if (!fits) throw new GraphError(`the pass '${name}' changes the type of ${node.op} '${node.outputs[0].id}'`);
    return found;
  }
  return undefined;
}
