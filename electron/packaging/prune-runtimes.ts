import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Target } from './node-binary.ts';

/** Where ONNX Runtime keeps its libraries of all machines, within the packed resources. */
const libraries = ['app.asar.unpacked', 'node_modules', 'onnxruntime-node', 'bin'] as const;

/**
 * Removes ONNX Runtime's libraries of other machines from a packed program, which hold most of its size. Gives what was
 * removed, relative to the libraries. Throws where those of the target itself are missing: the program could not compute.
 */
export async function pruneRuntimes(resources: string, { platform, arch }: Target): Promise<readonly string[]> {
  const folder = join(resources, ...libraries);
  const removed: string[] = [];
  let isKept = false;
  for (const api of await readdir(folder))
    for (const system of await readdir(join(folder, api)))
      for (const machine of await readdir(join(folder, api, system))) {
        const found = join(api, system, machine);
        if (system === platform && machine === arch) {
          isKept ||= (await stat(join(folder, found, 'onnxruntime_binding.node'))).isFile();
          continue;
        }
        await rm(join(folder, found), { recursive: true });
        removed.push(found);
      }
  if (!isKept) throw new Error(`The packed program has no ONNX Runtime for ${platform} ${arch} in ${folder}.`);
  return removed;
}
