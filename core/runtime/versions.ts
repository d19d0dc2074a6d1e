import { env } from 'onnxruntime-node';

/** Version of ONNX Runtime, by name. */
export function runtimeVersions(): Readonly<Record<string, string>> {
  return { 'onnxruntime-node': env.versions.node ?? env.versions.common };
}
