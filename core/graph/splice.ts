import type { GraphBuilder } from './builder.ts';
import { type DecodedModel, type DecodedNode, decode } from './decode.ts';
import { GraphError } from './graph-error.ts';
import { readers } from './opsets/readers.ts';
import { asIs, type Reading } from './opsets/reading.ts';
import { largest, nodeText, preflight } from './preflight.ts';
import { type Builder, shapeText } from './rule.ts';
import { elementCount, type Tensor } from './tensor.ts';
import type { Value } from './value.ts';

/**
 * Adds the nodes of an ONNX file to a graph being built, reading `inputs` (by the file's input names) instead of its own
 * inputs, and returns the values of `wanted` outputs; any inner value of the file may be wanted by its name too.
 * Weights become constants, so the spliced part is frozen, but gradients flow through it.
 * Opsets 9 to 21 are read: what ops meant in other opsets is said in ops of 18.
 * **Throws** GraphError for a file that `preflight` refuses, for inputs or outputs that it does not have, and for shapes
 * that do not fit it.
 */
export function spliceModel(
  g: Builder,
  model: Uint8Array | DecodedModel,
  inputs: Readonly<Record<string, Value>>,
  wanted?: readonly string[],
): Record<string, Value> {
  return splice(g, decoded(model), inputs, { wanted, weight: (_, of) => g.constant(of), open: [] });
}

/** A model spliced so that it can go on learning. */
export interface TrainableSplice {
  readonly outputs: Readonly<Record<string, Value>>;
  /** The graph inputs that carry its weights, for `backward` and the optimisers. */
  readonly parameters: Readonly<Record<string, Value>>;
  /** The weights as the file has them, by the same names. */
  readonly initial: Readonly<Record<string, Tensor>>;
}

/** Which weights of a spliced model learn, and what their inputs are called. */
export interface TrainableOptions {
  readonly wanted?: readonly string[];
  /** Goes before the names of the weights. */
  readonly prefix?: string;
  /** The names of the weights that learn: by default every float32 weight that is no statistic and no scalar. */
  readonly learn?: (name: string) => boolean;
}

/**
 * The same as `spliceModel`, but weights become inputs of the graph, to be learned and fed; the others stay frozen.
 * **Throws** GraphError as `spliceModel` does, and when no weight is left to learn.
 */
export function spliceTrainable(
  g: GraphBuilder,
  model: Uint8Array | DecodedModel,
  inputs: Readonly<Record<string, Value>>,
  { wanted, prefix = '', learn = () => true }: TrainableOptions = {},
): TrainableSplice {
  const file = decoded(model);
  const fixed = fixedConstants(file);
  const parameters: [string, Value][] = [];
  const initial: [string, Tensor][] = [];
  const weight = (name: string, of: Tensor): Value => {
    if (of.dtype !== 'float32' || of.shape.length === 0 || fixed.has(name) || !learn(name)) return g.constant(of);
    const key = `${prefix}${name}`;
    const value = g.input(key, of.shape);
    initial.push([key, of]);
    parameters.push([key, value]);
    return value;
  };
  const outputs = splice(g, file, inputs, { wanted, weight, open: [] });
  if (parameters.length > 0) {
    return { outputs, parameters: Object.fromEntries(parameters), initial: Object.fromEntries(initial) };
  }
  throw new GraphError(
    'the spliced model has no weight to learn: it has no float32 constant among those that may learn',
  );
}

/** Inputs of ops that are settings or statistics, not weights. */
const settings: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [3, 4],
  Clip: [1, 2],
  Dropout: [1],
  Pad: [2],
  Resize: [1, 2],
  Upsample: [1],
};

function fixedConstants({ nodes }: DecodedModel): Set<string> {
  return new Set(
    nodes.flatMap(({ op, inputs }) =>
      Object.hasOwn(settings, op) ? settings[op].map((index) => inputs[index] ?? '') : [],
    ),
  );
}

function decoded(model: Uint8Array | DecodedModel): DecodedModel {
  return model instanceof Uint8Array ? decode(model) : model;
}

/** What kinds of splicing differ in. */
interface Way {
  readonly wanted: readonly string[] | undefined;
  readonly weight: (name: string, of: Tensor) => Value;
  /** Inputs of the file whose axes may have other sizes when the graph runs. */
  readonly open: readonly string[];
}

/** Adds the nodes that the wanted outputs need. */
export function splice(
  g: Builder,
  file: DecodedModel,
  inputs: Readonly<Record<string, Value>>,
  { wanted, weight, open }: Way,
): Record<string, Value> {
  const nodes = preflight(file, wanted);
  checkInputs(file, inputs);
  const values = new Map<string, Value>(Object.entries(inputs));
  const results = wanted ?? file.outputs.map(({ name }) => name);
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...results]);
  for (const [name, of] of Object.entries(file.constants)) if (read.has(name)) values.set(name, weight(name, of));
  const loose = new Set(open);
  for (const node of nodes) {
    const isOpen = node.inputs.some((name) => loose.has(name));
    if (isOpen) for (const name of node.outputs) loose.add(name);
    addNode(g, { node, opset: file.opset, open: isOpen }, values);
  }
  return Object.fromEntries(
    results.map((name) => {
      const value = values.get(name);
      if (value) return [name, value];
      const node = nodes.find(({ outputs }) => outputs.includes(name));
      const what = node ? `${nodeText(node)}, whose further outputs graphs do not have` : 'nothing';
      throw new GraphError(`'${name}' is computed by ${what}; take other outputs`);
    }),
  );
}

function checkInputs(file: DecodedModel, inputs: Readonly<Record<string, Value>>): void {
  const names = file.inputs.map(({ name }) => name);
  const missing = names.find((name) => !Object.hasOwn(inputs, name));
  const extra = Object.keys(inputs).find((name) => !names.includes(name));
  if (missing !== undefined || extra !== undefined) {
    throw new GraphError(
      `the spliced model has the inputs ${names.join(', ')}; given: ${Object.keys(inputs).join(', ')}`,
    );
  }
  for (const port of file.inputs) {
    const { shape, dtype } = inputs[port.name];
    const fits =
      port.unranked === true ||
      (shape.length === port.shape.length &&
        shape.every((size, axis) => typeof port.shape[axis] === 'string' || port.shape[axis] === size));
    if (fits && dtype === port.dtype) continue;
    throw new GraphError(
      `input '${port.name}' of the spliced model is ${port.elementType} [${port.shape.join(', ')}]; given: ${dtype} ${shapeText(shape)}`,
    );
  }
}

type Place = Pick<Reading, 'node' | 'opset' | 'open'>;

function addNode(g: Builder, place: Place, values: Map<string, Value>): void {
  const { node } = place;
  const inputs = node.inputs.map((name) => {
    const value = values.get(name);
    if (!value && name !== '')
      throw new GraphError(`${nodeText(node)} reads '${name}', an output that graphs do not have of its op`);
    return value ?? null;
  });
  const outputs = read({ ...place, g, inputs, attributes: node.attributes });
  for (const { shape } of outputs) {
    if (shape.length <= largest.rank && elementCount(shape) <= largest.elements) continue;
    throw new GraphError(
      `${nodeText(node)} would compute the absurd shape ${shapeText(shape.slice(0, largest.rank + 1))}, expected at most ${largest.rank} axes and ${largest.elements} elements; give smaller inputs or export the model again`,
    );
  }
  node.outputs.forEach((name, i) => {
    if (name !== '' && i < outputs.length) values.set(name, outputs[i]);
  });
}

function read(reading: Reading): readonly Value[] {
  const { node, inputs } = reading;
  try {
    checkLists(node, inputs);
    return node.domain === '' && Object.hasOwn(readers, node.op) ? readers[node.op](reading) : asIs(reading);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GraphError(`${nodeText(node)} cannot be read: ${reason}`, { cause });
  }
}

/** Inputs that list axes, sizes or bounds: they are as long as a shape, never as long as weights. */
const lists: Readonly<Record<string, readonly number[]>> = {
  ConstantOfShape: [0],
  Expand: [1],
  Pad: [1, 3],
  Reshape: [1],
  Resize: [1, 2, 3],
  Slice: [1, 2, 3, 4],
  Squeeze: [1],
  Tile: [1],
  Unsqueeze: [1],
  Upsample: [1],
};

function checkLists({ op }: DecodedNode, inputs: readonly (Value | null)[]): void {
  const places = Object.hasOwn(lists, op) ? lists[op] : op.startsWith('Reduce') ? [1] : [];
  for (const place of places) {
    const shape = inputs[place]?.shape ?? [];
    if (shape.length <= 1 && elementCount(shape) <= 2 * largest.rank) continue;
    throw new GraphError(`input ${place} has the shape ${shapeText(shape)}, expected a list of one number per axis`);
  }
}
