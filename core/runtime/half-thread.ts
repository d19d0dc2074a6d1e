import { Worker } from 'node:worker_threads';
import type { Place, Tensors } from './halves-memory.ts';
import { nativeOptions, type SessionOptions } from './native.ts';

/** What a thread needs to compute one half of every step. All tensors lie in memory that threads share. */
interface HalfOrder {
  readonly model: Uint8Array;
  readonly options: SessionOptions;
  /** What the half reads, by the place of what is learned. */
  readonly feeds: readonly [Tensors, Tensors];
  /** Where its results go. */
  readonly results: Tensors;
}

/** A second thread that computes one half of every step. */
export interface HalfThread {
  /** Computes the half; parameters are read from the given one of their two places. */
  run(place: Place): Promise<void>;
  dispose(): Promise<void>;
}

/** Longest wait, when the process ends, for a half that is being computed. */
const patienceMilliseconds = 10_000;

/** Starts the thread and opens its model there. **Throws** what the thread throws. */
export async function startHalfThread({ options, ...order }: HalfOrder): Promise<HalfThread> {
  /* 1 while the half is computed. */
  const busy = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { ...order, options: nativeOptions(options), busy };
  const worker = new Worker(new URL('half-worker.js', import.meta.url), { workerData });
  /* Ending a thread within ONNX Runtime ends the process with an error; so whoever ends it waits for the thread. */
  const wait = (): unknown => Atomics.wait(busy, 0, 1, patienceMilliseconds);
  process.on('exit', wait);
  const answer = async (tell: () => void): Promise<void> => {
    worker.ref();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const gone = (): void => {
      reject(new Error('the thread that computes half of each step has ended'));
    };
    worker.once('message', resolve).once('error', reject).once('exit', gone);
    try {
      tell();
      await promise;
    } finally {
      worker.off('message', resolve).off('error', reject).off('exit', gone);
      worker.unref();
    }
  };
  try {
    await answer(() => undefined);
  } catch (error) {
    process.off('exit', wait);
    throw error;
  }
  return {
    run: (place) =>
      answer(() => {
        Atomics.store(busy, 0, 1);
        worker.postMessage(place);
      }),
    dispose: async () => {
      process.off('exit', wait);
      worker.ref();
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage('end');
      await ended;
    },
  };
}
