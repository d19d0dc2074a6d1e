#!/usr/bin/env node
import './node-guard.js';

const { main } = await import('./main.ts');
await main(process.argv.slice(2));
