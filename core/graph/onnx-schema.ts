/**
 * The part of the ONNX file format that graphs use, as protobuf descriptors.
 * **Source**: onnx.proto of the ONNX project (field numbers and names), proto2 so that zeros are written.
 */
import { create, createFileRegistry, type Message } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

const kinds = {
  int32: Type.INT32,
  int64: Type.INT64,
  float: Type.FLOAT,
  double: Type.DOUBLE,
  string: Type.STRING,
  bytes: Type.BYTES,
};

/** Each message as `name: [number, type]`; a type that ends in [] is repeated, one that is not in `kinds` a message. */
export const messages: Readonly<Record<string, Readonly<Record<string, readonly [number, string]>>>> = {
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    t: [5, 'TensorProto'],
    g: [6, 'GraphProto'],
    floats: [7, 'float[]'],
    ints: [8, 'int64[]'],
    strings: [9, 'bytes[]'],
    type: [20, 'int32'],
  },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  NodeProto: {
    input: [1, 'string[]'],
    output: [2, 'string[]'],
    name: [3, 'string'],
    op_type: [4, 'string'],
    attribute: [5, 'AttributeProto[]'],
    domain: [7, 'string'],
  },
  ModelProto: {
    ir_version: [1, 'int64'],
    producer_name: [2, 'string'],
    producer_version: [3, 'string'],
    graph: [7, 'GraphProto'],
    opset_import: [8, 'OperatorSetIdProto[]'],
    metadata_props: [14, 'StringStringEntryProto[]'],
  },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  GraphProto: {
    node: [1, 'NodeProto[]'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto[]'],
    input: [11, 'ValueInfoProto[]'],
    output: [12, 'ValueInfoProto[]'],
  },
  TensorProto: {
    dims: [1, 'int64[]'],
    data_type: [2, 'int32'],
    float_data: [4, 'float[]'],
    int32_data: [5, 'int32[]'],
    int64_data: [7, 'int64[]'],
    name: [8, 'string'],
    raw_data: [9, 'bytes'],
    double_data: [10, 'double[]'],
    data_location: [14, 'int32'],
  },
  DimensionProto: { dim_value: [1, 'int64'], dim_param: [2, 'string'] },
  TensorShapeProto: { dim: [1, 'DimensionProto[]'] },
  TensorTypeProto: { elem_type: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TypeProto: { tensor_type: [1, 'TensorTypeProto'] },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
};

/** An attribute of a node; `type` says which field holds it: 1 f, 2 i, 3 s, 4 t, 5 g, 6 floats, 7 ints, 8 strings. */
export interface AttributeProto {
  name: string;
  f?: number;
  i?: bigint;
  s?: Uint8Array;
  t?: TensorProto;
  floats: number[];
  ints: bigint[];
  strings: Uint8Array[];
  type: number;
}

/** Numbers in `raw_data` (little endian) or in the list of their type. */
export interface TensorProto {
  dims: bigint[];
  dataType: number;
  floatData: number[];
  int32Data: number[];
  int64Data: bigint[];
  doubleData: number[];
  name: string;
  rawData?: Uint8Array;
  dataLocation?: number;
}

/** A node with its inputs and outputs by name; '' is a missing optional input. */
interface NodeProto {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  domain: string;
  attribute: AttributeProto[];
}

/** A named input or output; a dimension has a value, a symbol or neither. */
export interface ValueInfoProto {
  name: string;
  type?: { tensorType?: { elemType: number; shape?: { dim: { dimValue?: bigint; dimParam?: string }[] } } };
}

/** Nodes in running order with the weights they use. */
interface GraphProto {
  name: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
}

/** A whole ONNX file. */
export interface ModelProto extends Message<'onnx.ModelProto'> {
  irVersion: bigint;
  producerName: string;
  graph?: GraphProto;
  opsetImport: { domain: string; version: bigint }[];
  metadataProps: { key: string; value: string }[];
}

const file = create(FileDescriptorProtoSchema, {
  name: 'onnx.proto',
  package: 'onnx',
  syntax: 'proto2',
  messageType: Object.entries(messages).map(([name, fields]) => ({
    name,
    field: Object.entries(fields).map(([field, [number, type]]) => {
      const single = type.replace('[]', '');
      const plain = single in kinds ? kinds[single as keyof typeof kinds] : undefined;
      return {
        name: field,
        number,
        label: type === single ? Label.OPTIONAL : Label.REPEATED,
        type: plain ?? Type.MESSAGE,
        ...(plain === undefined && { typeName: `.onnx.${single}` }),
        ...(['float', 'double'].includes(single) && type !== single && { options: { packed: true } }),
      };
    }),
  })),
});

/** Descriptor of a whole ONNX file, for `toBinary` and `fromBinary`. */
export const modelSchema = createFileRegistry(file, () => undefined).getMessage(
  'onnx.ModelProto',
) as unknown as GenMessage<ModelProto>;

/** ONNX numbers of the element types. */
export const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const;
