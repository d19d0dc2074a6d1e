import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from './temporary.ts';

/** Options for Node under which a package cannot be loaded, as when it is not installed. */
export function withoutPackage(name: string): string {
  return hook(`import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) => {
  if (name !== '${name}') return next(name, context);
  throw Object.assign(new Error('Could not load the ${name} binary for this machine'), { code: 'ERR_MODULE_NOT_FOUND' });
} });`);
}

/** Options for Node under which a package's native part cannot be loaded, as when it was built for another Node. */
export function withoutBinary(name: string): string {
  return hook(`const load = process.dlopen;
process.dlopen = (module, path, ...others) => {
  if (!path.includes('/${name}/')) return load(module, path, ...others);
  throw Object.assign(new Error(path + ' was compiled for another version\\nof Node'), { code: 'ERR_DLOPEN_FAILED' });
};`);
}

function hook(script: string): string {
  const path = join(temporaryFolder(), 'without.mjs');
  writeFileSync(path, script);
  return `--import=${pathToFileURL(path).href}`;
}
