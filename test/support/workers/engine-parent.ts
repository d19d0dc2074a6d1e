import { enginePlace } from '../../../electron/engine/engine-place.ts';
import { startEngine } from '../../../electron/engine/engine-process.ts';

/* A process that starts an engine as the desktop shell does, says which, and waits to be killed. */

const [top] = process.argv.slice(2);
const place = enginePlace({ isPackaged: false, top, resources: '', platform: process.platform });
const { pid } = await startEngine(place);
process.stdout.write(`${pid}\n`);
setInterval(() => undefined, 1000);
