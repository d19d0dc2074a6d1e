/**
 * The program of the thread that computes one half of every step: an order (see half-thread.ts) comes with it, then the
 * numbers of places to read from. Plain JavaScript, because reading TypeScript would take longer than opening the session.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { parentPort, workerData } from 'node:worker_threads';

const { model, options, feeds, results, busy } = workerData;
const session = await InferenceSession.create(model, options);
const read = feeds.map(toRuntimes);
const written = toRuntimes(results);

parentPort.on('message', async (message) => {
  if (message === 'end') {
    await session.release();
    parentPort.close();
    return;
  }
  try {
    const copies = await session.run(read[message], written);
    /* The binding also copies what it has written where it was told; the garbage collector would be slow to free that. */
    for (const { data } of Object.values(copies)) if (data.buffer instanceof ArrayBuffer) data.buffer.transfer(0);
  } finally {
    Atomics.store(busy, 0, 0);
    Atomics.notify(busy, 0);
  }
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');

function toRuntimes(tensors) {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, data, shape }]) => [name, new Tensor(dtype, data, shape)]),
  );
}
