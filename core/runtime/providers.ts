import { CongealError } from '../contract/errors.ts';

/** Where a session computes. */
export type ProviderName = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** A way to compute: on which platforms it exists, and whether this version offers it. */
export interface Provider {
  readonly platforms: readonly NodeJS.Platform[];
  readonly offered: boolean;
  readonly description: string;
}

/** Every execution provider, offered or not. */
export const providers = {
  cpu: { platforms: ['linux', 'win32', 'darwin'], offered: true, description: 'the processor' },
  webgpu: { platforms: ['linux', 'win32', 'darwin'], offered: false, description: 'any graphics card, through WebGPU' },
  cuda: { platforms: ['linux', 'win32'], offered: false, description: 'NVIDIA graphics cards' },
  dml: { platforms: ['win32'], offered: false, description: 'any graphics card on Windows, through DirectML' },
  coreml: { platforms: ['darwin'], offered: false, description: 'Apple processors, through Core ML' },
} as const satisfies Record<ProviderName, Provider>;

/** The name of an offered provider. **Throws** CongealError `unsupported` for one that is unknown or not offered here. */
export function chooseProvider(name: string, platform: NodeJS.Platform = process.platform): ProviderName {
  const known = Object.keys(providers).join(', ');
  if (!isProvider(name))
    throw new CongealError('unsupported', `There is no provider '${name}'. Choose one of: ${known}.`);
  const provider: Provider = providers[name];
  if (!provider.platforms.includes(platform)) {
    const where = provider.platforms.join(', ');
    throw new CongealError(
      'unsupported',
      `The provider '${name}' exists on ${where} only, not on ${platform}. Use 'cpu'.`,
    );
  }
  if (!provider.offered) {
    throw new CongealError(
      'unsupported',
      `The provider '${name}' (${provider.description}) is not offered yet. Use 'cpu'.`,
    );
  }
  return name;
}

function isProvider(name: string): name is ProviderName {
  return name in providers;
}
