import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openFaultControl, variables, type FaultControl } from './control.ts';

const source = resolve(import.meta.dirname, 'faults.c');

/** Writes below a folder that can be made to fail, in every process that has this environment. */
export interface WriteFaults extends FaultControl {
  readonly env: Readonly<Record<string, string>>;
}

let library: { readonly path: string } | { readonly missing: string } | undefined;

/** Why writes cannot be made to fail here; undefined where they can. */
export function whyNoFaults(): string | undefined {
  const found = compiled();
  return 'missing' in found ? found.missing : undefined;
}

/** Prepares faults for writes onto regular files below a folder that exists. */
export function createWriteFaults(folder: string): WriteFaults {
  const found = compiled();
  if ('missing' in found) throw new Error(found.missing);
  const own = mkdtempSync(join(tmpdir(), 'congeal-faults-'));
  const path = join(own, 'control');
  const control = openFaultControl(path, 'make');
  return {
    ...control,
    env: { LD_PRELOAD: found.path, [variables.below]: folder, [variables.control]: path },
    close: () => {
      control.close();
      rmSync(own, { recursive: true, force: true });
    },
  };
}

/** The library, compiled at the first call into a folder that goes with this process. */
function compiled(): { readonly path: string } | { readonly missing: string } {
  return (library ??= compile());
}

function compile(): { readonly path: string } | { readonly missing: string } {
  if (process.platform !== 'linux') return { missing: 'writes are made to fail by LD_PRELOAD, which only Linux has' };
  const folder = mkdtempSync(join(tmpdir(), 'congeal-faults-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'faults.so');
  const words = ['-O1', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared', '-o', path, source, '-ldl'];
  const { error, status, stderr } = spawnSync('cc', words, { encoding: 'utf8' });
  if (error !== undefined) return { missing: `there is no C compiler (${error.message})` };
  if (status !== 0) throw new Error(`cc refused ${source}:\n${stderr}`);
  return { path };
}
