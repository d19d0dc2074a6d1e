import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { chooseFastest, type Probed, probeProvider } from '../../../core/runtime/probe.ts';
import { digest, selfTest } from '../../../core/runtime/self-test.ts';
import { selfTestResults } from '../../../core/runtime/self-test-results.ts';
import type { Tensor } from '../../../core/graph/tensor.ts';
import { fromTensor, interpret } from '../../support/interpreter.ts';
import { hasSoftwareGpu, softwareGpuEnvironment } from '../../support/software-gpu.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function program(text: string): URL {
  const path = join(temporaryFolder(), 'program.mjs');
  writeFileSync(path, text);
  return pathToFileURL(path);
}

test('the stored results are those of the reference interpreter', () => {
  const { graph, state, feeds } = selfTest();
  const arrays = Object.entries({ ...state, ...feeds }).map(([name, of]) => [name, fromTensor(of)] as const);
  const results = Object.entries(interpret(graph, Object.fromEntries(arrays))).map(
    ([name, { shape, data }]): [string, Tensor] => [
      name.replace(/\.next$/, ''),
      { dtype: 'float64', shape, data: Float64Array.from(data) },
    ],
  );
  const found = digest(Object.fromEntries(results));
  expect(Object.keys(found).sort()).toEqual(Object.keys(selfTestResults).sort());
  for (const [name, value] of Object.entries(found)) expect(value, name).toBeCloseTo(selfTestResults[name], 10);
});

describe('a probe', () => {
  test('measures the processor, whose numbers are right', async () => {
    const probed = await probeProvider('cpu');
    expect(probed).toMatchObject({ provider: 'cpu', ok: true });
    if (probed.ok) expect(probed.error).toBeLessThan(1e-4);
  });

  test.skipIf(!hasSoftwareGpu)('measures a software graphics card through WebGPU', async () => {
    const probed = await probeProvider('webgpu', {
      environment: softwareGpuEnvironment(),
      timeoutMilliseconds: 200_000,
    });
    expect(probed).toMatchObject({ provider: 'webgpu', ok: true });
  });

  test('says what is missing in words', async () => {
    const environment = { ...process.env, LD_LIBRARY_PATH: '/nowhere', VK_ICD_FILENAMES: '/nowhere/icd.json' };
    if (process.platform === 'linux')
      expect(await probeProvider('cuda', { environment })).toEqual({
        provider: 'cuda',
        ok: false,
        reason: "ONNX Runtime's CUDA libraries are not installed",
      });
  });

  test('survives a process that dies, hangs or cannot start', async () => {
    const died = await probeProvider('webgpu', { program: program("process.kill(process.pid, 'SIGSEGV')") });
    expect(died).toEqual({ provider: 'webgpu', ok: false, reason: 'its process died (SIGSEGV)' });
    const hung = await probeProvider('webgpu', {
      program: program('setInterval(() => 0, 1000)'),
      timeoutMilliseconds: 300,
    });
    expect(hung).toEqual({ provider: 'webgpu', ok: false, reason: 'it gave no answer within 0.3 s' });
    const broken = await probeProvider('webgpu', { program: program("throw new Error('no')") });
    expect(broken).toEqual({ provider: 'webgpu', ok: false, reason: 'its process died (exit 1)' });
  });

  test('ends when it is cancelled', async () => {
    const stop = new AbortController();
    const probing = probeProvider('webgpu', { program: program('setInterval(() => 0, 1000)'), signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(probing).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('the fastest provider that computes rightly is chosen, and the reason names all', () => {
  const cpu: Probed = { provider: 'cpu', ok: true, error: 0, millisecondsPerStep: 88 };
  const fast: Probed = { provider: 'webgpu', ok: true, error: 0, millisecondsPerStep: 4 };
  const wrong: Probed = { provider: 'cuda', ok: false, reason: 'its numbers are wrong' };
  expect(chooseFastest([cpu, fast, wrong])).toEqual({
    provider: 'webgpu',
    reason: 'webgpu: 4.00 ms per training step; cpu: 88.0 ms per training step; cuda: its numbers are wrong',
  });
  expect(chooseFastest([wrong])).toMatchObject({ provider: 'cpu' });
});
