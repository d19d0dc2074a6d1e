import type { Tensor as RuntimeTensor } from 'onnxruntime-node';
import { GraphBuilder } from '../graph/builder.ts';
import { identity } from '../graph/ops/elementwise.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { PortInfo, SessionOptions } from './native.ts';
import { fromRuntime, openNative } from './native.ts';

/** Copies tensors from the memory of a device to that of the processor. */
export interface DeviceReader {
  /** The tensors by their keys, as copies. */
  read(tensors: Readonly<Record<string, RuntimeTensor>>): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

/**
 * Opens a model that hands on what it is given, with outputs that lie with the processor: ONNX Runtime 1.30 for Node has
 * no other safe way to read a device's tensor.
 */
export async function openReader(
  ports: readonly (PortInfo & { readonly key: string })[],
  options: SessionOptions,
): Promise<DeviceReader> {
  const g = new GraphBuilder();
  for (const { dtype, shape, key } of ports) {
    g.output(`of ${key}`, identity(g, g.input(key, shape.map(Number), dtype)));
  }
  const { native } = await openNative(g.build(), { ...options, optimise: false });
  return {
    read: async (tensors) => {
      const results = await native.run(Object.fromEntries(ports.map(({ key }) => [key, tensors[key]])));
      return Object.fromEntries(ports.map(({ key }) => [key, fromRuntime(results[`of ${key}`])]));
    },
    dispose: () => native.release(),
  };
}
