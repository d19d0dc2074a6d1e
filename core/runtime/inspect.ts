import { CongealError } from '../contract/errors.ts';
import { decode, type DecodedModel } from '../graph/decode.ts';

/** What an ONNX file declares, without running it. */
export interface ModelInfo {
  readonly opset: number;
  readonly inputs: DecodedModel['inputs'];
  readonly outputs: DecodedModel['outputs'];
  readonly metadata: DecodedModel['metadata'];
  readonly ops: readonly string[];
}

/** Reads inputs, outputs, ops and `metadata_props` of an ONNX file. **Throws** CongealError `model-invalid`. */
export function inspectModel(bytes: Uint8Array): ModelInfo {
  const { opset, inputs, outputs, metadata, nodes } = decoded(bytes);
  return { opset, inputs, outputs, metadata, ops: [...new Set(nodes.map(({ op }) => op))].sort() };
}

function decoded(bytes: Uint8Array): DecodedModel {
  try {
    return decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw new CongealError('model-invalid', `This file of ${bytes.length} bytes cannot be read: ${reason}.`, { cause });
  }
}
