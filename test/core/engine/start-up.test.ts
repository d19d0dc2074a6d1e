import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { versions } from '../../../core/compute/supervisor/versions.ts';
import { imagingVersions } from '../../../core/imaging/versions.ts';
import { runtimeVersions } from '../../../core/runtime/versions.ts';

const core = resolve(import.meta.dirname, '../../../core');

it('the engine and the command line load neither sharp nor ONNX Runtime', () => {
  const program = `
    await import(${JSON.stringify(resolve(core, 'cli/main.ts'))});
    const { createEngine } = await import(${JSON.stringify(resolve(core, 'engine/engine.ts'))});
    const { versions } = await import(${JSON.stringify(resolve(core, 'compute/supervisor/versions.ts'))});
    versions();
    await createEngine({ stateFolder: '/nonexistent' }).close();
    process.report.excludeNetwork = true;
    console.log(JSON.stringify(process.report.getReport().sharedObjects));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded.length).toBeGreaterThan(3);
  expect(loaded.filter((file) => /sharp|vips|onnxruntime/.test(file))).toEqual([]);
});

it('versions that are read from descriptions are those of what is loaded', () => {
  expect(versions()).toMatchObject({ ...runtimeVersions(), ...imagingVersions() });
});
