import { describe, expect, it } from 'vitest';
import { chooseComputing } from '../../../core/compute/provider.ts';
import type { ProbeReport } from '../../../core/runtime/probe.ts';
import type { ProviderName } from '../../../core/runtime/providers.ts';

const { signal } = new AbortController();

/** A machine on which probes find what is given, and nothing else works. */
function machine(found: Partial<Record<ProviderName, number>>) {
  const tried: ProviderName[] = [];
  const probe = (provider: ProviderName) => {
    tried.push(provider);
    const millisecondsPerStep = found[provider];
    const report: ProbeReport =
      millisecondsPerStep === undefined
        ? { ok: false, reason: 'it is not there' }
        : { ok: true, error: 0, millisecondsPerStep };
    return Promise.resolve({ provider, ...report });
  };
  return { tried, choose: (asked: string) => chooseComputing({ asked }, { signal }, probe) };
}

describe('where runs compute', () => {
  it('is by default the fastest that passes its test, with the reason', async () => {
    const { choose } = machine({ cpu: 40, webgpu: 9.5 });
    expect(await choose('auto')).toEqual({
      provider: 'webgpu',
      reason: expect.stringMatching(/^webgpu: 9\.50 ms per training step; cpu: 40\.0 ms per training step/) as string,
    });
    expect(await machine({ cpu: 40, webgpu: 90 }).choose('auto')).toMatchObject({ provider: 'cpu' });
  });

  it('is the processor where nothing else works, which then need not be timed', async () => {
    const { tried, choose } = machine({ cpu: 40 });
    const { provider, reason } = await choose('auto');
    expect(provider).toBe('cpu');
    expect(reason).toMatch(/no other provider works here; webgpu: it is not there/);
    expect(tried).not.toContain('cpu');
  });

  it('is what was asked for by name, if it works and trains', async () => {
    expect(await machine({ webgpu: 90 }).choose('webgpu')).toEqual({ provider: 'webgpu', reason: 'it was asked for' });
    await expect(machine({}).choose('webgpu')).rejects.toMatchObject({
      code: 'unsupported',
      message: "The provider 'webgpu' does not work here: it is not there. Use 'auto' or 'cpu'.",
    });
    await expect(machine({}).choose('abacus')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(machine({}).choose(process.platform === 'darwin' ? 'coreml' : 'dml')).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});
