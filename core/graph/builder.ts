/**
 * Graphs are built with a `GraphBuilder` and the op functions of `ops/*.ts`:
 *
 *     const g = new GraphBuilder();
 *     const x = g.input('x', [1, 3, 32, 32], 'float32', { 0: 'n' }); // any batch size at run time
 *     const w = g.input('w', [8, 3, 5, 5]);
 *     const y = relu(g, conv(g, x, w, null, { pads: [2, 2, 2, 2] }));
 *     const loss = reduceMean(g, mul(g, y, y));
 *     g.output('y', y, { 0: 'n' });
 *     g.output('w.gradient', backward(g, loss, [w])[0]);
 *     const session = await openSession(encode(g.build())); // core/runtime/session.ts
 *     const { y: result } = await session.run({ x: float32(pixels, [4, 3, 32, 32]), w: weights }, ['y']);
 *     await session.dispose();
 */
import { evaluate } from './evaluate/evaluate.ts';
import { GraphError } from './graph-error.ts';
import type { OpName } from './op-name.ts';
import { type Builder, type Inferred, type OpCall, shapeText } from './rule.ts';
import { rules } from './rules.ts';
import { type DType, elementCount, numbers, type Tensor, tensor, type TensorSource } from './tensor.ts';
import type { Attributes, DynamicAxes, Graph, Node, Port, Value } from './value.ts';

/** As many numbers as a shape computation has at most. */
const fewNumbers = 64;

/** Equal constants of up to so many numbers are kept once, so that what is computed from them is computed once, too. */
const mostPooled = 1024;

/** Collects nodes in running order, checking shapes and dtypes as they come. */
export class GraphBuilder implements Builder {
  readonly #inputs: Port[] = [];
  readonly #outputs: Port[] = [];
  readonly #nodes: Node[] = [];
  readonly #constants: Record<string, Tensor> = {};
  readonly #known = new Map<string, Tensor>();
  readonly #pool = new Map<string, Value>();
  readonly #producers = new Map<string, Node>();
  readonly #names = new Set<string>();
  #count = 0;

  /**
   * Declares an input. Shape rules use `shape`; axes in `dynamic` may have another size when the encoded model runs.
   * **Throws** GraphError when the name is taken, by an inner value too.
   */
  input(name: string, shape: readonly number[], dtype: DType = 'float32', dynamic: DynamicAxes = {}): Value {
    if (this.#names.has(name) || this.#producers.has(name) || Object.hasOwn(this.#constants, name))
      throw new GraphError(`input '${name}': the name is taken`);
    this.#names.add(name);
    const value: Value = { id: name, shape: [...shape], dtype };
    this.#inputs.push({ name, value, dynamic });
    return value;
  }

  /** A constant from a number, list, typed array or tensor; a bare number is a float32 scalar. */
  constant(data: TensorSource | Tensor, shape?: readonly number[], dtype?: DType): Value {
    const of = isTensor(data) ? data : tensor(data, shape, dtype);
    const key =
      elementCount(of.shape) <= mostPooled ? `${of.dtype} ${shapeText(of.shape)} ${numberKey(of)}` : undefined;
    const pooled = key === undefined ? undefined : this.#pool.get(key);
    if (pooled) return pooled;
    const value: Value = { id: this.#name('constant'), shape: of.shape, dtype: of.dtype };
    this.#constants[value.id] = of;
    this.#known.set(value.id, of);
    if (key !== undefined) this.#pool.set(key, value);
    return value;
  }

  /** Adds a node and returns its first output. **Throws** GraphError when shapes, dtypes or attributes do not fit. */
  node(op: OpName, inputs: readonly (Value | null)[], attributes: Attributes = {}): Value {
    return this.nodes(op, inputs, attributes)[0];
  }

  /** Adds a node and returns all outputs. **Throws** GraphError when shapes, dtypes or attributes do not fit. */
  nodes(op: OpName, inputs: readonly (Value | null)[], attributes: Attributes = {}): readonly Value[] {
    checkAttributes(op, attributes);
    const call: OpCall = {
      op,
      inputs,
      attributes,
      known: (index) => {
        const found = inputs[index] && this.#known.get(inputs[index].id);
        return found ? numbers(found) : undefined;
      },
    };
    const types = rules[op].infer(call);
    const worked = types.some((type) => type.known) ? undefined : this.#workOut(call, types);
    const outputs = types.map((type, i) => this.#produce(op, worked ? { ...type, known: worked[i] } : type));
    const node: Node = { op, inputs, outputs, attributes };
    this.#nodes.push(node);
    for (const output of outputs) this.#producers.set(output.id, node);
    return outputs;
  }

  /** Names a value as an output of the graph. **Throws** GraphError when an output or input of that name exists. */
  output(name: string, value: Value, dynamic: DynamicAxes = {}): void {
    if ([...this.#outputs, ...this.#inputs].some((port) => port.name === name)) {
      throw new GraphError(`output '${name}': the name is taken`);
    }
    this.#outputs.push({ name, value, dynamic });
  }

  known(value: Value): Tensor | undefined {
    return this.#known.get(value.id);
  }

  /** The node that computes a value; undefined for inputs and constants. */
  producer(value: Value): Node | undefined {
    return this.#producers.get(value.id);
  }

  /** Nodes so far, in running order. */
  soFar(): readonly Node[] {
    return this.#nodes;
  }

  /** The graph as data: all inputs, and of nodes and constants those that the outputs need. */
  build(): Graph {
    const needed = new Set(this.#outputs.map((port) => port.value.id));
    const nodes: Node[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.outputs.some((output) => needed.has(output.id))) continue;
      nodes.push(node);
      for (const input of node.inputs) if (input) needed.add(input.id);
    }
    const constants = Object.fromEntries(Object.entries(this.#constants).filter(([id]) => needed.has(id)));
    return { inputs: [...this.#inputs], outputs: [...this.#outputs], nodes: nodes.reverse(), constants };
  }

  /** The few numbers that shapes are computed with are worked out at once, so that later shapes can depend on them. */
  #workOut({ op, inputs, attributes }: OpCall, types: readonly Inferred[]): readonly Tensor[] | undefined {
    if (types.some(({ shape }) => !possible(shape) || elementCount(shape) > fewNumbers)) return undefined;
    const known = inputs.map((input) => input && this.#known.get(input.id));
    if (known.length === 0 || !known.every((of) => of === null || (of && elementCount(of.shape) <= fewNumbers)))
      return undefined;
    return evaluate(
      op,
      known.map((of) => of ?? null),
      attributes,
      types,
    );
  }

  #produce(op: OpName, { shape, dtype, known }: Inferred): Value {
    const value: Value = { id: this.#name(op), shape, dtype };
    if (!possible(shape)) {
      throw new GraphError(`${op}: the output would have the impossible shape ${shapeText(shape)}`);
    }
    if (known) this.#known.set(value.id, known);
    return value;
  }

  #name(stem: string): string {
    let name: string;
    do name = `${stem}:${this.#count++}`;
    while (this.#names.has(name));
    return name;
  }
}

function possible(shape: readonly number[]): boolean {
  return shape.every((size) => Number.isInteger(size) && size >= 0);
}

function isTensor(data: TensorSource | Tensor): data is Tensor {
  return typeof data === 'object' && 'dtype' in data;
}

function numberKey(of: Tensor): string {
  return numbers(of)
    .map((value) => (Object.is(value, -0) ? '-0' : value))
    .join(' ');
}

function checkAttributes(op: OpName, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const whole = typeof value === 'number' ? [value] : Array.isArray(value) ? (value as readonly number[]) : [];
    if (whole.every((item) => Number.isInteger(item))) continue;
    throw new GraphError(`${op}: attribute '${name}' is not a whole number; write { float: ... } or { floats: [...] }`);
  }
}
