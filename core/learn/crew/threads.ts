import { Worker } from 'node:worker_threads';
import type { Crew } from './crew.ts';
import { flags, type Answer, type Told } from './thread-messages.ts';

/** Pieces that a thread has in hand or waiting, so that it need not wait for an answer before it goes on. */
const ahead = 2;
/** Longest wait, when the process ends, for the piece that a thread works on. */
const patienceMilliseconds = 10_000;

/** A crew of threads, at first without tools. */
export interface ThreadCrew<Tools, Given> extends Crew<Tools> {
  /** Gives each thread what it needs to make its tools; to be called once, before there is work. */
  equip(given: Given): void;
}

/**
 * Starts `size` threads that run `program`, which calls `serveTasks`. They start while this thread goes on; what goes wrong
 * there ends the work that is asked of them.
 *
 * Threads that ran through ONNX Runtime cannot be ended from outside: that ends the whole process with an error. So they are
 * asked, and a process that ends waits for the piece that a thread works on.
 */
export function startThreads<Tools, Given>(program: URL, size: number): ThreadCrew<Tools, Given> {
  const threads = Array.from({ length: size }, () => new Thread(program));
  const wait = (): void => {
    for (const thread of threads) thread.hurry();
    for (const thread of threads) thread.waitForPiece();
  };
  process.on('exit', wait);
  return {
    size,
    equip: (given) => {
      for (const thread of threads) thread.tell({ tools: given });
    },
    work: async function* (task, count, orderFor) {
      const results = Array.from<Awaited<ReturnType<typeof task.run>>>({ length: count });
      const running = new Map<number, Promise<{ n: number; thread: Thread }>>();
      let next = 0;
      const give = (thread: Thread): void => {
        const n = next++;
        const piece = thread.ask(task.name, orderFor(n)).then((result) => {
          results[n] = result as (typeof results)[number];
          return { n, thread };
        });
        running.set(n, piece);
      };
      try {
        for (let turn = 0; turn < ahead; turn++) for (const thread of threads) if (next < count) give(thread);
        for (let done = 1; done <= count; done++) {
          const { n, thread } = await Promise.race(running.values());
          running.delete(n);
          if (next < count) give(thread);
          yield done;
        }
        return results;
      } finally {
        if (running.size > 0) {
          for (const thread of threads) thread.hurry();
          await Promise.allSettled(running.values());
          for (const thread of threads) thread.goOn();
        }
      }
    },
    dispose: async () => {
      process.off('exit', wait);
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}

/** One thread and the pieces that it has been asked for. */
class Thread {
  readonly #worker: Worker;
  readonly #flags = new Int32Array(new SharedArrayBuffer(flags.count * Int32Array.BYTES_PER_ELEMENT));
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>();
  #pieces = 0;
  #lost: Error | undefined;

  constructor(program: URL) {
    this.#worker = new Worker(program, { workerData: this.#flags });
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => {
      const asked = this.#asked.get(answer.piece);
      this.#asked.delete(answer.piece);
      if (this.#asked.size === 0) this.#worker.unref();
      if ('error' in answer) asked?.reject(answer.error);
      else asked?.resolve(answer.result);
    });
    this.#worker.on('error', (error: Error) => {
      this.#lose(error);
    });
    this.#worker.on('exit', () => {
      this.#lose(new Error('a thread that worked on a part of the images has ended'));
    });
  }

  tell(message: Told): void {
    this.#worker.postMessage(message);
  }

  async ask(task: string, order: unknown): Promise<unknown> {
    if (this.#lost !== undefined) throw this.#lost;
    const asked = Promise.withResolvers<unknown>();
    const piece = this.#pieces++;
    this.#asked.set(piece, asked);
    this.#worker.ref();
    this.tell({ piece, task, order });
    return await asked.promise;
  }

  /** Lets it begin no further piece. */
  hurry(): void {
    Atomics.store(this.#flags, flags.stop, 1);
  }

  goOn(): void {
    Atomics.store(this.#flags, flags.stop, 0);
  }

  waitForPiece(): void {
    Atomics.wait(this.#flags, flags.busy, 1, patienceMilliseconds);
  }

  async end(): Promise<void> {
    if (this.#lost !== undefined) return;
    this.#worker.ref();
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.tell('end');
    await ended;
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    for (const { reject } of this.#asked.values()) reject(this.#lost);
    this.#asked.clear();
  }
}
