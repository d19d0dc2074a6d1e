#!/usr/bin/env node
import './node-guard.js';

const program = await load().catch(refuse);
await program.main(process.argv.slice(2));

async function load() {
  const { keepCompiledCode } = await import('../engine/compile-cache.ts');
  keepCompiledCode();
  return await import('./main.ts');
}

/**
 * Says in one line that a package, or its part for this machine, is not there; whatever else is wrong is a bug.
 *
 * @param {Error & { code?: string }} error - why the program cannot be loaded
 */
function refuse(error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'ERR_DLOPEN_FAILED') throw error;
  const [reason] = error.message.trim().split('\n');
  process.stderr.write(
    `congeal: A part of the program cannot be loaded: ${reason.replace(/[.:]+$/, '')}. Run npm ci again.\n`,
  );
  process.exit(1);
}
