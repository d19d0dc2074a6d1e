import { parentPort, workerData } from 'node:worker_threads';
import type { Task } from './crew.ts';
import { flags, type Answer, type Told } from './thread-messages.ts';

/** Tools of a thread, and how it lets go of them. */
export interface OwnTools<Tools> {
  readonly tools: Tools;
  readonly dispose: () => Promise<void>;
}

/** Makes this thread one of a crew: it does the pieces of `tasks` that it is asked for, one after another. */
export function serveTasks<Tools>(
  makeTools: (given: never) => Promise<OwnTools<Tools>>,
  tasks: readonly Task<Tools, never, unknown>[],
): void {
  const port = parentPort;
  if (port === null) throw new Error('this is the program of a thread');
  const shared = workerData as Int32Array;
  const byName = new Map(tasks.map((task) => [task.name, task]));
  let own: Promise<OwnTools<Tools>> = Promise.reject(new Error('a piece came before its tools'));
  own.catch(() => undefined);
  const run = async (name: string, order: unknown): Promise<unknown> => {
    const task = byName.get(name);
    if (task === undefined) throw new Error(`no task is called ${name}`);
    const { tools } = await own;
    return await task.run(tools, order as never);
  };
  const answer = async (told: Told): Promise<void> => {
    if (told === 'end') {
      await own.then(
        ({ dispose }) => dispose(),
        () => undefined,
      );
      port.close();
      return;
    }
    if ('tools' in told) {
      own = makeTools(told.tools as never);
      await own.catch(() => undefined);
      return;
    }
    const { piece } = told;
    Atomics.store(shared, flags.busy, 1);
    try {
      const result = Atomics.load(shared, flags.stop) === 1 ? undefined : await run(told.task, told.order);
      port.postMessage({ piece, result } satisfies Answer);
    } catch (error) {
      port.postMessage({ piece, error } satisfies Answer);
    } finally {
      Atomics.store(shared, flags.busy, 0);
      Atomics.notify(shared, flags.busy);
    }
  };
  let last = Promise.resolve();
  port.on('message', (told: Told) => {
    last = last.then(() => answer(told));
  });
}
