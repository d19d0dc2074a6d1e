#!/usr/bin/env node
import './node-guard.js';

const program = await load().catch(refuse);
await program.main(process.argv.slice(2));

async function load() {
  const { keepCompiledCode } = await import('../engine/compile-cache.ts');
  keepCompiledCode();
  return await import('./main.ts');
}

/** @param {Error} error - why a part of the program cannot be loaded */
function refuse({ message }) {
  const [reason] = message.trim().split('\n');
  process.stderr.write(
    `congeal: A part of the program cannot be loaded: ${reason.replace(/[.:]+$/, '')}. Run npm ci again.\n`,
  );
  process.exit(1);
}
