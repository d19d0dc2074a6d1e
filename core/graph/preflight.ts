import type { DecodedModel, DecodedNode } from './decode.ts';
import { GraphError } from './graph-error.ts';
import { readers } from './opsets/readers.ts';
import { rules } from './rules.ts';

/** Opsets of the standard ops that can be read. */
const readableOpsets = { oldest: 9, newest: 21 } as const;

/** The most nodes a model may have, and the most elements a value may have (4 GiB of float32). */
export const largest = { nodes: 100_000, elements: 2 ** 30, rank: 8 } as const;

/** Ops that run other graphs, and what to do about each. */
const controlFlow: Readonly<Record<string, string>> = {
  If: 'fix the condition before exporting',
  Loop: 'export the model with the loop unrolled',
  Scan: 'export the model with the loop unrolled',
  SequenceMap: 'export the model with the sequence as one tensor',
};

/**
 * Checks everything about a file that can be checked before shapes are known, and returns the nodes that the wanted
 * outputs (all by default) need, in an order in which they can run.
 * **Throws** GraphError for opsets and ops that are not known, for control flow, for names that are given twice, that
 * nothing computes or that compute themselves, and for constants or attributes of kinds that graphs do not hold.
 */
export function preflight(
  model: DecodedModel,
  wanted: readonly string[] = model.outputs.map(({ name }) => name),
): DecodedNode[] {
  checkCounts(model);
  const producers = producersOf(model);
  const nodes = neededNodes(model, producers, wanted);
  checkOps(nodes, model.opset);
  for (const node of nodes) checkHeld(model, node);
  return nodes;
}

/** A node as messages call it. */
export function nodeText({ op, name, outputs }: DecodedNode): string {
  return `node '${name === '' ? (outputs.find((output) => output !== '') ?? '') : name}' (${op})`;
}

function checkCounts({ nodes, opset }: DecodedModel): void {
  if (nodes.length > largest.nodes) {
    throw new GraphError(
      `this model has ${nodes.length} nodes, expected at most ${largest.nodes}; use a smaller model`,
    );
  }
  const { oldest, newest } = readableOpsets;
  if (opset >= oldest && opset <= newest) return;
  const found = opset === 0 ? 'declares no version of the standard ops' : `uses opset ${opset}`;
  throw new GraphError(
    `this model ${found}, expected an opset from ${oldest} to ${newest}; export or convert it with opset 18`,
  );
}

/** The node that computes each name, having checked that no name is given twice. */
function producersOf({ inputs, constants, unreadable, nodes }: DecodedModel): Map<string, DecodedNode> {
  const given = new Set([...Object.keys(constants), ...Object.keys(unreadable)]);
  const twice = (name: string, what: string): GraphError =>
    new GraphError(
      `${what} is called '${name}', as something before it is; expected a name each. Export the model again`,
    );
  for (const { name } of inputs) {
    if (given.has(name)) throw twice(name, 'an input');
    given.add(name);
  }
  const producers = new Map<string, DecodedNode>();
  for (const node of nodes) {
    for (const name of node.outputs) {
      if (name === '') continue;
      if (given.has(name)) throw twice(name, `an output of ${nodeText(node)}`);
      given.add(name);
      producers.set(name, node);
    }
  }
  return producers;
}

/** Depth first from the outputs, without recursion: a node comes after all that it reads. */
function neededNodes(
  model: DecodedModel,
  producers: Map<string, DecodedNode>,
  wanted: readonly string[],
): DecodedNode[] {
  const given = new Set([
    ...model.inputs.map(({ name }) => name),
    ...Object.keys(model.constants),
    ...Object.keys(model.unreadable),
  ]);
  const state = new Map<DecodedNode, 'open' | 'done'>();
  const order: DecodedNode[] = [];
  for (const name of wanted) {
    const first = producers.get(name);
    if (!first) {
      if (given.has(name)) continue;
      throw new GraphError(
        `the model computes no '${name}', expected one of its outputs: ${listed(model.outputs.map((port) => port.name))}`,
      );
    }
    const stack = [first];
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      if (state.get(node) !== undefined) {
        stack.pop();
        if (state.get(node) === 'open') order.push(node);
        state.set(node, 'done');
        continue;
      }
      state.set(node, 'open');
      for (const input of node.inputs) {
        if (input === '' || given.has(input)) continue;
        const producer = producers.get(input);
        if (!producer)
          throw new GraphError(
            `${nodeText(node)} reads '${input}', which nothing computes; the file is damaged, export the model again`,
          );
        if (state.get(producer) === 'open') {
          throw new GraphError(
            `${nodeText(node)} reads '${input}', which is computed from its own result; expected no cycles. Export the model again`,
          );
        }
        if (state.get(producer) === undefined) stack.push(producer);
      }
    }
  }
  return inFileOrder(model.nodes, order);
}

/** The order of the file where it is one that can run, which keeps what was written as it was; else the one found. */
function inFileOrder(nodes: readonly DecodedNode[], order: DecodedNode[]): DecodedNode[] {
  const needed = new Set(order);
  const listedNodes = nodes.filter((node) => needed.has(node));
  const place = new Map(listedNodes.flatMap((node, i) => node.outputs.map((name): [string, number] => [name, i])));
  const runs = listedNodes.every((node, i) => node.inputs.every((name) => name === '' || (place.get(name) ?? -1) < i));
  return runs ? listedNodes : order;
}

function checkOps(nodes: readonly DecodedNode[], opset: number): void {
  const unknown = new Map<string, DecodedNode>();
  for (const node of nodes)
    if (!isKnown(node)) unknown.set(node.domain === '' ? node.op : `${node.op} of ${node.domain}`, node);
  if (unknown.size === 0) return;
  const [[, first]] = unknown;
  const names = [...unknown.keys()].slice(0, 8).join(', ');
  const one = unknown.size === 1;
  const flow = first.domain === '' && Object.hasOwn(controlFlow, first.op) ? controlFlow[first.op] : undefined;
  const what = one ? `the op ${names} (${nodeText(first)}) has no rule` : `the ops ${names} have no rules`;
  throw new GraphError(
    flow === undefined
      ? `${what} (opset ${opset}), so this model cannot be read into a graph; export it with other ops, or take an output before ${one ? 'it' : 'them'}`
      : `${what}: it runs another graph, and graphs are static. To use this model, ${flow}, or take an output before it`,
  );
}

function isKnown({ op, domain }: DecodedNode): boolean {
  if (domain === '' && Object.hasOwn(readers, op)) return true;
  return Object.hasOwn(rules, op) && (rules[op as keyof typeof rules].domain ?? '') === domain;
}

function checkHeld({ unreadable }: DecodedModel, node: DecodedNode): void {
  const constant = node.inputs.find((name) => Object.hasOwn(unreadable, name));
  if (constant !== undefined) {
    throw new GraphError(
      `${nodeText(node)} reads the constant '${constant}', but ${unreadable[constant]}; export the model in float32`,
    );
  }
  if (node.unreadable.length === 0) return;
  throw new GraphError(
    `${nodeText(node)} has the attributes ${listed(node.unreadable)} of kinds that graphs do not hold; expected numbers, texts or tensors`,
  );
}

function listed(names: readonly string[]): string {
  return names
    .slice(0, 8)
    .map((name) => `'${name}'`)
    .join(', ');
}
