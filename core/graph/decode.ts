import { fromBinary } from '@bufbuild/protobuf';
import { getTextEncoding } from '@bufbuild/protobuf/wire';
import { decodeTensor, elementTypeName, heldAs } from './decode-tensor.ts';
import { GraphError } from './graph-error.ts';
import {
  type AttributeProto,
  modelSchema,
  type ModelProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx-schema.ts';
import type { DType, Tensor } from './tensor.ts';
import type { Attribute } from './value.ts';
import { scanModel } from './wire-scan.ts';

/** An input or output as a file declares it: a symbol or '?' in the shape stands for any size. */
interface DecodedPort {
  readonly name: string;
  /** Half floats count as float32: they are widened as they are read. */
  readonly dtype: DType | 'other';
  /** The element type by its ONNX name. */
  readonly elementType: string;
  readonly shape: readonly (number | string)[];
  /** Set where the file declares no shape at all. */
  readonly unranked?: true;
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
  /** Names of constants that graphs cannot hold, with the reason. */
  readonly unreadable: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The most that a file may hold: protobuf ends at 2 GiB, and no network comes near the others. */
const limits = { bytes: 2 ** 31 - 1, messages: 2_000_000, packed: 2 ** 26 };

/**
 * Reads the bytes of an ONNX file. float16 and bfloat16 weights are widened to float32.
 * **Throws** GraphError when they are none, are damaged, hold weights outside the file or are absurdly large.
 */
export function decode(bytes: Uint8Array): DecodedModel {
  const { graph, opsetImport, metadataProps } = parse(bytes);
  if (!graph) throw new GraphError('this is no ONNX model: it holds no graph');
  const constants: [string, Tensor][] = [];
  const unreadable: [string, string][] = [];
  for (const of of graph.initializer) {
    const found = decodeTensor(of);
    if (typeof found === 'string') unreadable.push([of.name, found]);
    else constants.push([of.name, found]);
  }
  const weights = new Set(graph.initializer.map(({ name }) => name));
  if (weights.size < graph.initializer.length) {
    throw new GraphError(
      `two constants are called '${firstTwice(graph.initializer)}', expected a name each; the file is damaged`,
    );
  }
  return {
    opset: Number(opsetImport.find(({ domain }) => isStandard(domain))?.version ?? 0),
    inputs: graph.input.filter(({ name }) => !weights.has(name)).map(decodePort),
    outputs: graph.output.map(decodePort),
    nodes: graph.node.map(({ opType, domain, name, input, output, attribute }) => {
      const pairs = attribute.map((of) => [of.name, decodeAttribute(of, name)] as const);
      return {
        op: opType,
        domain: isStandard(domain) ? '' : domain,
        name,
        inputs: input,
        outputs: output,
        attributes: Object.fromEntries(
          pairs.filter((pair): pair is readonly [string, Attribute] => pair[1] !== undefined),
        ),
        unreadable: pairs.filter(([, value]) => value === undefined).map(([key]) => key),
      };
    }),
    constants: Object.fromEntries(constants),
    unreadable: Object.fromEntries(unreadable),
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
  };
}

function isStandard(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function parse(bytes: Uint8Array): ModelProto {
  checkSize('bytes', bytes.length, limits.bytes);
  const { messages, packed } = scanModel(bytes);
  checkSize('parts', messages, limits.messages);
  checkSize('bytes of listed whole numbers', packed, limits.packed);
  try {
    return fromBinary(modelSchema, bytes, { readUnknownFields: false });
  } catch (cause) {
    throw new GraphError(`this is no ONNX model: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
}

function checkSize(what: string, found: number, most: number): void {
  if (found <= most) return;
  throw new GraphError(
    `this model is too large: it has ${found} ${what}, expected at most ${most}; use a smaller model, or store its weights as raw data`,
  );
}

function firstTwice(tensors: readonly TensorProto[]): string {
  const seen = new Set<string>();
  return tensors.find(({ name }) => seen.size === seen.add(name).size)?.name ?? '';
}

function decodePort({ name, type }: ValueInfoProto): DecodedPort {
  const { elemType = 0, shape } = type?.tensorType ?? {};
  const sizes = (shape?.dim ?? []).map((dim) => {
    if (dim.dimParam) return dim.dimParam;
    /* What a message does not hold reads as 0: only its own fields are set. */
    return Object.hasOwn(dim, 'dimValue') ? Number(dim.dimValue) : '?';
  });
  const port = {
    name,
    dtype: heldAs(elemType) ?? 'other',
    elementType: elementTypeName(elemType),
    shape: sizes,
  } as const;
  return shape ? port : { ...port, unranked: true };
}

function decodeAttribute(
  { name, type, f, i, s, t, floats, ints }: AttributeProto,
  node: string,
): Attribute | undefined {
  if (type === 1) return { float: f ?? 0 };
  if (type === 2) return Number(i ?? 0n);
  if (type === 3) return getTextEncoding().decodeUtf8(s ?? new Uint8Array());
  if (type === 4 && t) {
    const found = decodeTensor(t, `attribute '${name}' of node '${node}'`);
    return typeof found === 'string' ? undefined : found;
  }
  if (type === 6) return { floats };
  if (type === 7) return ints.map(Number);
  return undefined;
}
