import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from './temporary.ts';

/** Options for Node under which a package cannot be loaded, as when its binary for this machine is not installed. */
export function withoutPackage(name: string): string {
  const hook = join(temporaryFolder(), 'without.mjs');
  const refuse = `if (name === '${name}') throw new Error('Could not load the ${name} binary for this machine');`;
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) => { ${refuse} return next(name, context); } });`,
  );
  return `--import=${pathToFileURL(hook).href}`;
}
