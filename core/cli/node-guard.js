/**
 * Refuses a Node whose Node-API is older than the native modules need, before any of them is loaded: on such a Node
 * they do not report an error, they crash. Plain JavaScript, because an old Node cannot read TypeScript.
 */
const found = Number(process.versions.napi ?? 0);
const needed = 10;

if (!(found >= needed)) {
  process.stderr.write(
    `congeal: Node ${process.versions.node} offers Node-API ${found}, but ${needed} or newer is needed. ` +
      'Run it through npm (npm run congeal -- ...), which uses the Node 24 that npm ci installed, or install Node 24.\n',
  );
  process.exit(78);
}
