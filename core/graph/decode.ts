import { fromBinary } from '@bufbuild/protobuf';
import { GraphError } from './graph-error.ts';
import {
  type AttributeProto,
  elementTypes,
  modelSchema,
  type ModelProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx-schema.ts';
import { allocate, type DType, elementCount, tensor, type Tensor, wrap } from './tensor.ts';
import type { Attribute } from './value.ts';

/** An input or output as a file declares it: a symbol or '?' in the shape stands for any size. */
interface DecodedPort {
  readonly name: string;
  readonly dtype: DType | 'other';
  readonly shape: readonly (number | string)[];
}

/** A node by names; '' is a missing optional input. Attributes that graphs cannot hold are left out and listed. */
export interface DecodedNode {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly unreadable: readonly string[];
}

/** An ONNX file as plain data. Inputs do not repeat the names of constants. */
export interface DecodedModel {
  readonly opset: number;
  readonly inputs: readonly DecodedPort[];
  readonly outputs: readonly DecodedPort[];
  readonly nodes: readonly DecodedNode[];
  readonly constants: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const dtypes = new Map(Object.entries(elementTypes).map(([name, number]) => [number as number, name as DType]));

/** Reads the bytes of an ONNX file. **Throws** GraphError when they are none, or hold weights outside the file. */
export function decode(bytes: Uint8Array): DecodedModel {
  const { graph, opsetImport, metadataProps } = parse(bytes);
  if (!graph) throw new GraphError('this is no ONNX model: it holds no graph');
  const constants = Object.fromEntries(graph.initializer.map((of) => [of.name, decodeTensor(of)]));
  return {
    opset: Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0),
    inputs: graph.input.filter(({ name }) => !(name in constants)).map(decodePort),
    outputs: graph.output.map(decodePort),
    nodes: graph.node.map(({ opType, domain, name, input, output, attribute }) => {
      const pairs = attribute.map((of) => [of.name, decodeAttribute(of)] as const);
      return {
        op: opType,
        domain,
        name,
        inputs: input,
        outputs: output,
        attributes: Object.fromEntries(
          pairs.filter((pair): pair is readonly [string, Attribute] => pair[1] !== undefined),
        ),
        unreadable: pairs.filter(([, value]) => value === undefined).map(([key]) => key),
      };
    }),
    constants,
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
  };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(modelSchema, bytes);
  } catch (cause) {
    throw new GraphError(`this is no ONNX model: ${cause instanceof Error ? cause.message : 'unreadable'}`);
  }
}

function decodePort({ name, type }: ValueInfoProto): DecodedPort {
  const dims = type?.tensorType?.shape?.dim ?? [];
  const shape = dims.map(({ dimValue, dimParam }) =>
    dimParam ? dimParam : dimValue === undefined ? '?' : Number(dimValue),
  );
  return { name, dtype: dtypes.get(type?.tensorType?.elemType ?? 0) ?? 'other', shape };
}

function decodeAttribute({ type, f, i, s, t, floats, ints }: AttributeProto): Attribute | undefined {
  if (type === 1) return { float: f ?? 0 };
  if (type === 2) return Number(i ?? 0n);
  if (type === 3) return new TextDecoder().decode(s);
  if (type === 4 && t) return decodeTensor(t);
  if (type === 6) return { floats };
  if (type === 7) return ints.map(Number);
  return undefined;
}

function decodeTensor({ name, dims, dataType, rawData, ...lists }: TensorProto): Tensor {
  const shape = dims.map(Number);
  const dtype = dtypes.get(dataType);
  if (!dtype)
    throw new GraphError(`constant '${name}' has the ONNX element type ${dataType}, which graphs do not know`);
  if (lists.dataLocation === 1) throw new GraphError(`constant '${name}' lies in another file; join the files first`);
  const count = elementCount(shape);
  if (rawData && rawData.length > 0) {
    const data = allocate(dtype, count);
    if (rawData.length !== data.byteLength) {
      throw new GraphError(`constant '${name}' holds ${rawData.length} bytes, expected ${data.byteLength}`);
    }
    new Uint8Array(data.buffer).set(rawData);
    return wrap(dtype, shape, data);
  }
  if (dtype === 'int64') return tensor(BigInt64Array.from(lists.int64Data), shape);
  const list = dtype === 'float32' ? lists.floatData : dtype === 'float64' ? lists.doubleData : lists.int32Data;
  return tensor(list, shape, dtype);
}
