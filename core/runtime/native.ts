import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { CongealError } from '../contract/errors.ts';
import { encode } from '../graph/encode.ts';
import { deviceOps } from '../graph/passes/device-ops.ts';
import { rowSamples } from '../graph/passes/row-samples.ts';
import { steadyProducts } from '../graph/passes/steady-products.ts';
import { steadyScatters } from '../graph/passes/steady-scatters.ts';
import { rewrite } from '../graph/passes/rewrite.ts';
import { simplify } from '../graph/passes/simplify.ts';
import type { DType, Tensor } from '../graph/tensor.ts';
import { wrap } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';
import { checkModelBytes } from './inspect.ts';
import { profiling } from './profile.ts';
import { chooseProvider, type ProviderName } from './providers.ts';

/** Name, dtype and shape of an input or output; a symbol in the shape stands for any size. */
export interface PortInfo {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly (number | string)[];
}

/** Where and how a session computes. */
export interface SessionOptions {
  readonly provider?: ProviderName | undefined;
  /** Threads within one op; by default ONNX Runtime takes one per core. */
  readonly threads?: number | undefined;
  /** Whether a graph is simplified before it runs (it is by default); models in bytes run as they are. */
  readonly optimise?: boolean | undefined;
  /** Whether every op must run on the provider itself, none on the processor in its place (by default some may). */
  readonly strict?: boolean | undefined;
  /** Whether threads stay awake between the ops of a run if each has a core (by default they sleep): for a session in a tight loop. */
  readonly awake?: boolean | undefined;
}

/** A session of ONNX Runtime and what it declares. */
export interface NativeSession {
  readonly native: InferenceSession;
  readonly provider: ProviderName;
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
}

/** Waiting threads sleep: spinning ones take the cores from the other sessions and from our own code. */
const sleepingThreads = { intra_op: { allow_spinning: '0' } };

/** Waiting threads spin as long as most small ops take, but not for good, and never between runs. */
const wakefulThreads = { intra_op: { allow_spinning: '1', spin_duration_us: '50' }, force_spinning_stop: '1' };

/**
 * Loads a model into ONNX Runtime; outputs named in `onDevice` stay in the memory of the device.
 *
 * **Throws** CongealError `model-invalid` when it is not accepted, `unsupported` when the provider is not offered here.
 */
export async function openNative(
  model: Uint8Array | Graph,
  options: SessionOptions,
  onDevice: readonly string[] = [],
): Promise<NativeSession> {
  const provider = chooseProvider(options.provider ?? 'cpu');
  const native = await load(modelBytes(model, options), {
    ...nativeOptions({ ...options, provider }),
    ...(onDevice.length > 0 && {
      preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, 'gpu-buffer' as const])),
    }),
  });
  return { native, provider, inputs: native.inputMetadata.map(portInfo), outputs: native.outputMetadata.map(portInfo) };
}

/** What ONNX Runtime is told of a session. */
export function nativeOptions(options: SessionOptions): InferenceSession.SessionOptions {
  const { provider = 'cpu', strict = false, threads } = options;
  const awake = (options.awake ?? false) && (threads ?? 0) <= availableParallelism();
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 4,
    interOpNumThreads: 1,
    ...profiling(),
    extra: {
      session: {
        ...(awake ? wakefulThreads : sleepingThreads),
        ...(strict && { disable_cpu_ep_fallback: '1' }),
      },
    },
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  };
}

/** The bytes that are loaded for a model; a graph is simplified and fitted to its provider. */
export function modelBytes(
  model: Uint8Array | Graph,
  { optimise = true, provider = 'cpu' }: SessionOptions,
): Uint8Array {
  if (model instanceof Uint8Array) {
    checkModelBytes(model);
    return model;
  }
  const onProcessor = provider === 'cpu';
  const simple = optimise ? simplify(onProcessor ? rewrite(model, [rowSamples]) : model) : model;
  return encode(rewrite(simple, onProcessor ? [steadyProducts, steadyScatters] : [deviceOps]));
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

/** Refuses feeds and wanted outputs that the model does not have. **Throws** CongealError `model-unsuitable`. */
export function checkNames(
  feeds: Readonly<Record<string, unknown>>,
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

/** A feed for a port, over the same memory. **Throws** CongealError `model-unsuitable` when dtype or shape do not fit. */
export function toRuntime(port: PortInfo, { dtype, shape, data }: Tensor): RuntimeTensor {
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

/** A result that lies in the memory of the processor. */
export function fromRuntime(of: RuntimeTensor): Tensor {
  return wrap(of.type as DType, of.dims, of.data as Float32Array);
}
