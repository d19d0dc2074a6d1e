import type { Tensor as RuntimeTensor } from 'onnxruntime-node';
import type { Tensor } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';
import type { PortInfo, SessionOptions } from './native.ts';
import { checkNames, fromRuntime, openNative, toRuntime } from './native.ts';

export type { PortInfo, SessionOptions } from './native.ts';

/** A loaded model. Its memory is held until `dispose`. */
export interface Session {
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the model and returns the wanted outputs (all by default); inputs are read, not kept. The thread is blocked
   * meanwhile. **Throws** CongealError `model-unsuitable` when names, dtypes or shapes do not fit the model.
   */
  run(feeds: Readonly<Record<string, Tensor>>, wanted?: readonly string[]): Promise<Record<string, Tensor>>;
  /** The same, but writes outputs into the memory of the given tensors: new memory for large ones costs much time. */
  runInto(feeds: Readonly<Record<string, Tensor>>, targets: Readonly<Record<string, Tensor>>): Promise<void>;
  /** Frees the model. Using the session afterwards is an error; disposing twice is not. */
  dispose(): Promise<void>;
}

/**
 * Loads a model from the bytes of an ONNX file, or a graph, which is simplified first. **Throws** CongealError
 * `model-invalid` when ONNX Runtime does not accept it and `unsupported` when the provider is not offered.
 */
export async function openSession(model: Uint8Array | Graph, options: SessionOptions = {}): Promise<Session> {
  const { native, inputs, outputs } = await openNative(model, options);
  let open = true;
  const prepare = (
    feeds: Readonly<Record<string, Tensor>>,
    wanted: readonly string[] | undefined,
  ): Record<string, RuntimeTensor> => {
    if (!open) throw new Error('the session has been disposed');
    checkNames(feeds, wanted, native);
    return toRuntimes(inputs, feeds);
  };
  return {
    inputs,
    outputs,
    inputNames: native.inputNames,
    outputNames: native.outputNames,
    run: async (feeds, wanted) => {
      const natives = prepare(feeds, wanted);
      const results = wanted ? await native.run(natives, wanted) : await native.run(natives);
      const tensors: Record<string, Tensor> = {};
      for (const name of wanted ?? native.outputNames) tensors[name] = fromRuntime(results[name]);
      return tensors;
    },
    runInto: async (feeds, targets) => {
      const names = Object.keys(targets);
      const natives = prepare(feeds, names);
      const ports = outputs.filter(({ name }) => names.includes(name));
      const copies = await native.run(natives, toRuntimes(ports, targets));
      for (const name of names) freeCopy(fromRuntime(copies[name]), targets[name]);
    },
    dispose: async () => {
      if (!open) return;
      open = false;
      await native.release();
    },
  };
}

/** Whether a run failed because there was no memory left for it. */
export function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof Error && /failed to allocate memory|bad_alloc|bad allocation|out of memory/i.test(error.message)
  );
}

function toRuntimes(
  ports: readonly PortInfo[],
  tensors: Readonly<Record<string, Tensor>>,
): Record<string, RuntimeTensor> {
  const natives: Record<string, RuntimeTensor> = {};
  for (const port of ports) natives[port.name] = toRuntime(port, tensors[port.name]);
  return natives;
}

/** ONNX Runtime's binding also copies what it has written where it was told; the garbage collector would be slow to free that. */
function freeCopy({ data: { buffer } }: Tensor, target: Tensor): void {
  if (buffer instanceof ArrayBuffer && buffer !== target.data.buffer) buffer.transfer(0);
}
