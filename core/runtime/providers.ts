import { listSupportedBackends } from 'onnxruntime-node';
import { CongealError } from '../contract/errors.ts';

/** Where a session computes. */
export type ProviderName = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** A way to compute: where it exists, what it is good for, and what it needs besides this program. */
export interface Provider {
  /** Operating system and processor, as Node names them, that ONNX Runtime's package serves with it. */
  readonly platforms: readonly `${string}-${string}`[];
  /** Whether it runs training graphs; all of them run models. */
  readonly trains: boolean;
  readonly description: string;
  /** What the machine must have, in words; null where nothing. */
  readonly needs: string | null;
}

const everywhere = ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-arm64'] as const;

/**
 * Every execution provider. Training on `dml` and `coreml` is held back: their kernels for the gradients of sampling and
 * scattering have not been shown to agree with the processor.
 */
export const providers = {
  cpu: { platforms: everywhere, trains: true, description: 'works on every machine', needs: null },
  webgpu: {
    platforms: everywhere,
    trains: true,
    description: 'any graphics card, through WebGPU',
    needs: 'a driver for Vulkan, Direct3D 12 or Metal',
  },
  cuda: {
    platforms: ['linux-x64'],
    trains: true,
    description: 'NVIDIA graphics cards',
    needs: 'the CUDA libraries of ONNX Runtime beside it, CUDA 12 or newer and cuDNN 9',
  },
  dml: {
    platforms: ['win32-x64', 'win32-arm64'],
    trains: false,
    description: 'any graphics card on Windows, through DirectML',
    needs: 'DirectX 12',
  },
  coreml: { platforms: ['darwin-arm64'], trains: false, description: 'Apple processors, through Core ML', needs: null },
} as const satisfies Record<ProviderName, Provider>;

/** Names of the providers that exist on a machine, the processor first. */
export function providersHere(machine = `${process.platform}-${process.arch}`): readonly ProviderName[] {
  return (Object.keys(providers) as ProviderName[]).filter((name) => existsOn(name, machine));
}

/** The name of a provider that exists here. **Throws** CongealError `unsupported` for one that is unknown or does not. */
export function chooseProvider(name: string, machine = `${process.platform}-${process.arch}`): ProviderName {
  const known = Object.keys(providers).join(', ');
  if (!isProvider(name))
    throw new CongealError('unsupported', `There is no provider '${name}'. Choose one of: ${known}.`);
  const here = `The provider '${name}' (${providers[name].description})`;
  if (!existsOn(name, machine)) {
    const where = providers[name].platforms.join(', ');
    throw new CongealError('unsupported', `${here} exists on ${where} only, not on ${machine}. Use 'cpu'.`);
  }
  if (machine === `${process.platform}-${process.arch}` && !listSupportedBackends().some((one) => one.name === name))
    throw new CongealError('unsupported', `${here} is no part of the ONNX Runtime that is installed. Use 'cpu'.`);
  return name;
}

function existsOn(name: ProviderName, machine: string): boolean {
  const { platforms }: Provider = providers[name];
  return platforms.some((platform) => platform === machine);
}

function isProvider(name: string): name is ProviderName {
  return name in providers;
}
