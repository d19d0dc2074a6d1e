#!/usr/bin/env node
import './node-guard.js';

const program = await import('./main.ts').catch(refuse);
await program.main(process.argv.slice(2));

/** @param {Error} error - why a part of the program cannot be loaded */
function refuse({ message }) {
  const [reason] = message.trim().split('\n');
  process.stderr.write(
    `congeal: A part of the program cannot be loaded: ${reason.replace(/[.:]+$/, '')}. Run npm ci again.\n`,
  );
  process.exit(1);
}
