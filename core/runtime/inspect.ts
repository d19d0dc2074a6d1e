import { CongealError } from '../contract/errors.ts';
import { decode, type DecodedModel } from '../graph/decode.ts';
import { scanModel } from '../graph/wire-scan.ts';

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
  const { opset, inputs, outputs, metadata, nodes } = reading(bytes, decode);
  return { opset, inputs, outputs, metadata, ops: [...new Set(nodes.map(({ op }) => op))].sort() };
}

/**
 * Looks at the bytes of an ONNX file before ONNX Runtime does: they must be such a file, and hold their weights.
 * **Throws** CongealError `model-invalid`.
 */
export function checkModelBytes(bytes: Uint8Array): void {
  const { external } = reading(bytes, scanModel);
  if (external === 0) return;
  throw new CongealError(
    'model-invalid',
    `This model keeps ${external} of its weights in another file, expected all in one. Save it with its data inside.`,
  );
}

function reading<Found>(bytes: Uint8Array, read: (bytes: Uint8Array) => Found): Found {
  try {
    return read(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw new CongealError('model-invalid', `This file of ${bytes.length} bytes cannot be read: ${reason}.`, { cause });
  }
}
