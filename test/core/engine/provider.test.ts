import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Workers } from '../../../core/compute/supervisor/workers.ts';
import { chooseComputing, sayComputing } from '../../../core/engine/provider.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const measured = { provider: 'webgpu', reason: 'webgpu: 9.50 ms per training step' } as const;

it('what was measured is remembered until a version changes', async () => {
  const stateFolder = temporaryFolder();
  const call = vi.fn(() => Promise.resolve(measured));
  const given = { workers: { call } as unknown as Workers, signal: new AbortController().signal, stateFolder };
  expect(await chooseComputing('auto', given)).toEqual(measured);
  expect(await chooseComputing('auto', given)).toEqual(measured);
  expect(call).toHaveBeenCalledTimes(1);

  const file = join(stateFolder, 'provider.json');
  const other = readFileSync(file, 'utf8').replace(/("onnxruntime-node": ")[^"]*/, '$10.0.1');
  for (const text of [other, '{"provider": "web', '{}']) {
    writeFileSync(file, text);
    call.mockClear();
    expect(await chooseComputing('auto', given)).toEqual(measured);
    expect(call, text).toHaveBeenCalledTimes(1);
  }

  call.mockClear();
  expect(await chooseComputing('cpu', given)).toMatchObject({ provider: 'cpu' });
  expect(call).not.toHaveBeenCalled();
  expect(sayComputing(measured)).toBe('Computing with webgpu (webgpu: 9.50 ms per training step).');
});
