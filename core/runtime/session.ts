import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { CongealError } from '../contract/errors.ts';
import { encode } from '../graph/encode.ts';
import { simplify } from '../graph/passes/simplify.ts';
import type { DType, Tensor } from '../graph/tensor.ts';
import { wrap } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';
import { chooseProvider, type ProviderName } from './providers.ts';

/** Name, dtype and shape of an input or output; a symbol in the shape stands for any size. */
export interface PortInfo {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly (number | string)[];
}

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
  /** Frees the model. Using the session afterwards is an error; disposing twice is not. */
  dispose(): Promise<void>;
}

/** Where and how a session computes. */
export interface SessionOptions {
  readonly provider?: ProviderName;
  /** Threads within one op; by default ONNX Runtime takes one per core. */
  readonly threads?: number;
  /** Whether a graph is simplified before it runs (it is by default); models in bytes run as they are. */
  readonly optimise?: boolean;
}

/**
 * Loads a model from the bytes of an ONNX file, or a graph, which is simplified first. **Throws** CongealError `model-invalid` when ONNX Runtime does not
 * accept it and `unsupported` when the provider is not offered.
 */
export async function openSession(model: Uint8Array | Graph, options: SessionOptions = {}): Promise<Session> {
  const provider = chooseProvider(options.provider ?? 'cpu');
  const native = await load(bytesOf(model, options.optimise ?? true), {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 4,
    interOpNumThreads: 1,
    /* Waiting threads sleep: spinning ones take the cores from the other sessions and from our own code. */
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(options.threads && { intraOpNumThreads: options.threads }),
  });
  let open = true;
  const inputs = native.inputMetadata.map(portInfo);
  const outputs = native.outputMetadata.map(portInfo);
  const expected = new Map(inputs.map((port) => [port.name, port]));
  return {
    inputs,
    outputs,
    inputNames: native.inputNames,
    outputNames: native.outputNames,
    run: async (feeds, wanted) => {
      if (!open) throw new Error('the session has been disposed');
      checkNames(feeds, wanted, native);
      const natives: Record<string, RuntimeTensor> = {};
      for (const [name, port] of expected) natives[name] = toRuntime(port, feeds[name]);
      const results = wanted ? await native.run(natives, wanted) : await native.run(natives);
      const tensors: Record<string, Tensor> = {};
      for (const name of wanted ?? native.outputNames) tensors[name] = fromRuntime(results[name]);
      return tensors;
    },
    dispose: async () => {
      if (!open) return;
      open = false;
      await native.release();
    },
  };
}

function bytesOf(model: Uint8Array | Graph, optimise: boolean): Uint8Array {
  return model instanceof Uint8Array ? model : encode(optimise ? simplify(model) : model);
}

async function load(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CongealError('model-invalid', `ONNX Runtime cannot load this model of ${model.length} bytes: ${reason}`, {
      cause,
    });
  }
}

function portInfo(meta: InferenceSession.ValueMetadata): PortInfo {
  if (!meta.isTensor) throw new CongealError('model-unsuitable', `'${meta.name}' of the model is not a tensor.`);
  return { name: meta.name, dtype: meta.type as DType, shape: meta.shape };
}

function checkNames(
  feeds: Readonly<Record<string, Tensor>>,
  wanted: readonly string[] | undefined,
  { inputNames, outputNames }: InferenceSession,
): void {
  const missing = inputNames.filter((name) => !(name in feeds));
  const extra = Object.keys(feeds).filter((name) => !inputNames.includes(name));
  const unknown = wanted?.filter((name) => !outputNames.includes(name)) ?? [];
  if (missing.length + extra.length + unknown.length === 0) return;
  const parts = [
    missing.length > 0 ? `no feed for input ${quoted(missing)}` : '',
    extra.length > 0 ? `no input is called ${quoted(extra)} (inputs: ${quoted(inputNames)})` : '',
    unknown.length > 0 ? `no output is called ${quoted(unknown)} (outputs: ${quoted(outputNames)})` : '',
  ];
  throw new CongealError('model-unsuitable', `The model cannot run: ${parts.filter(Boolean).join('; ')}.`);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

function toRuntime(port: PortInfo, { dtype, shape, data }: Tensor): RuntimeTensor {
  const fits =
    shape.length === port.shape.length &&
    shape.every((size, i) => typeof port.shape[i] === 'string' || port.shape[i] === size);
  if (dtype !== port.dtype || !fits) {
    throw new CongealError(
      'model-unsuitable',
      `Input '${port.name}' is ${dtype} [${shape.join(', ')}], the model expects ${port.dtype} [${port.shape.join(', ')}].`,
    );
  }
  return new RuntimeTensor(dtype, data as Float32Array, shape);
}

function fromRuntime(of: RuntimeTensor): Tensor {
  return wrap(of.type as DType, of.dims, of.data as Float32Array);
}
