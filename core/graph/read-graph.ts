import { GraphBuilder } from './builder.ts';
import { decode, type DecodedModel } from './decode.ts';
import { GraphError } from './graph-error.ts';
import { preflight } from './preflight.ts';
import { splice } from './splice.ts';
import type { DType } from './tensor.ts';
import type { DynamicAxes, Graph } from './value.ts';

/** How an ONNX file becomes a graph. */
export interface ReadOptions {
  /** The size of each axis that the file leaves open: by its symbol, or as `input.axis` where it has none. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Whether the axes that have a symbol stay open in the graph; by default they become static. */
  readonly keepOpen?: boolean;
  /** Outputs, or inner values by name, to take instead of all outputs. */
  readonly wanted?: readonly string[];
}

/**
 * An ONNX file as a graph in ops of opset 18, its weights as constants.
 * **Throws** GraphError for a file that `preflight` refuses, for an input that is no tensor of a known dtype or has an
 * axis of unknown size, and for shapes that do not fit.
 */
export function readGraph(
  file: Uint8Array | DecodedModel,
  { sizes = {}, keepOpen = false, wanted }: ReadOptions = {},
): Graph {
  const model = file instanceof Uint8Array ? decode(file) : file;
  preflight(model, wanted);
  const g = new GraphBuilder();
  const inputs = Object.fromEntries(
    model.inputs.map((port) => {
      const value = g.input(port.name, shapeOf(port, sizes), dtypeOf(port), keepOpen ? symbols(port.shape) : {});
      return [port.name, value];
    }),
  );
  const open = model.inputs.filter(({ shape }) => keepOpen && Object.keys(symbols(shape)).length > 0);
  const outputs = splice(g, model, inputs, {
    wanted,
    weight: (_, of) => g.constant(of),
    open: open.map(({ name }) => name),
  });
  for (const [name, value] of Object.entries(outputs)) {
    const declared = model.outputs.find((port) => port.name === name)?.shape ?? [];
    g.output(name, value, keepOpen && declared.length === value.shape.length ? symbols(declared) : {});
  }
  return g.build();
}

type Port = DecodedModel['inputs'][number];

function dtypeOf({ name, dtype, elementType }: Port): DType {
  if (dtype !== 'other') return dtype;
  throw new GraphError(
    `input '${name}' is ${elementType}, which graphs do not know; export the model with float32 inputs`,
  );
}

function shapeOf({ name, shape, unranked }: Port, sizes: Readonly<Record<string, number>>): number[] {
  if (unranked)
    throw new GraphError(
      `input '${name}' declares no shape, expected one; export the model with the shapes of its inputs`,
    );
  return shape.map((size, axis) => {
    const place = `${name}.${axis}`;
    const key = typeof size === 'string' && Object.hasOwn(sizes, size) ? size : place;
    const given = typeof size === 'number' ? size : Object.hasOwn(sizes, key) ? sizes[key] : undefined;
    if (given !== undefined && Number.isSafeInteger(given) && given >= 0) return given;
    if (given !== undefined)
      throw new GraphError(
        `axis ${axis} of input '${name}' has the size ${given}, expected a whole number; the file is damaged`,
      );
    const open = size === '?' ? 'is left open' : `has any size ('${size}')`;
    throw new GraphError(
      `axis ${axis} of input '${name}' ${open}, expected a size: say which as '${size === '?' ? place : size}'`,
    );
  });
}

function symbols(shape: readonly (number | string)[]): DynamicAxes {
  return Object.fromEntries(
    shape.flatMap((size, axis) => (typeof size === 'string' && size !== '?' ? [[axis, size]] : [])),
  );
}
