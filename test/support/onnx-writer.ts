import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { elementTypes, modelSchema } from '../../core/graph/onnx-schema.ts';
import type { DType, Tensor } from '../../core/graph/tensor.ts';
import type { Attribute } from '../../core/graph/value.ts';

/** A port of a model: sizes are numbers, symbols, or null for neither; an element type may be given by its ONNX number. */
export interface WrittenPort {
  readonly shape?: readonly (number | string | null)[];
  readonly dtype?: DType | number;
}

/** A node of a model by names. */
export interface WrittenNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute | object>>;
  readonly domain?: string;
  readonly name?: string;
}

/** An ONNX file written word by word, whatever its ops mean or whether they exist. */
export interface WrittenModel {
  readonly opset: number;
  readonly inputs: Readonly<Record<string, WrittenPort>>;
  readonly outputs: Readonly<Record<string, WrittenPort>>;
  readonly nodes: readonly WrittenNode[];
  /** Weights: a tensor, or the fields of a TensorProto. */
  readonly constants?: Readonly<Record<string, Tensor | object>>;
  /** Fields of the GraphProto or of the ModelProto instead of those above. */
  readonly graph?: object;
  readonly model?: object;
}

/** The bytes of the file. */
export function writeModel({ opset, inputs, outputs, nodes, constants = {}, graph, model }: WrittenModel): Uint8Array {
  const fields = {
    irVersion: opset > 18 ? 10n : 8n,
    producerName: 'test',
    opsetImport: [{ domain: '', version: BigInt(opset) }],
    graph: {
      name: 'test',
      node: nodes.map(nodeFields),
      initializer: Object.entries(constants).map(([name, of]) => ({ name, ...tensorFields(of) })),
      input: Object.entries(inputs).map(portFields),
      output: Object.entries(outputs).map(portFields),
      ...graph,
    },
    ...model,
  };
  return toBinary(modelSchema, create(modelSchema, fields as MessageInitShape<typeof modelSchema>));
}

function nodeFields({ op, inputs, outputs, attributes = {}, domain = '', name }: WrittenNode): object {
  return {
    opType: op,
    name: name ?? `${op} ${outputs.join()}`,
    domain,
    input: inputs,
    output: outputs,
    attribute: Object.entries(attributes).map(([key, value]) => ({ name: key, ...attributeFields(value) })),
  };
}

function attributeFields(value: Attribute | object): object {
  if (typeof value === 'number') return { type: 2, i: BigInt(value) };
  if (typeof value === 'string') return { type: 3, s: new TextEncoder().encode(value) };
  if (Array.isArray(value)) return { type: 7, ints: (value as number[]).map((item) => BigInt(item)) };
  if ('float' in value) return { type: 1, f: value.float };
  if ('floats' in value) return { type: 6, floats: value.floats };
  return 'dtype' in value ? { type: 4, t: tensorFields(value) } : value;
}

function tensorFields(of: object): object {
  if (!('dtype' in of)) return of;
  const { dtype, shape, data } = of as Tensor;
  return {
    dataType: elementTypes[dtype],
    dims: shape.map((size) => BigInt(size)),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function portFields([name, { shape, dtype = 'float32' }]: [string, WrittenPort]): object {
  const dim = shape?.map((size) => {
    if (size === null) return {};
    return typeof size === 'string' ? { dimParam: size } : { dimValue: BigInt(size) };
  });
  const elemType = typeof dtype === 'number' ? dtype : elementTypes[dtype];
  return { name, type: { tensorType: { elemType, ...(dim && { shape: { dim } }) } } };
}
