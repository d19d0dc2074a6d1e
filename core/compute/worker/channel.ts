import type { FromWorker, ToWorker } from '../protocol.ts';

/** The worker's end of the fork channel. */
export interface Channel {
  /** Sends at once, in order; fulfils when the message has left this process. */
  readonly send: (message: FromWorker) => Promise<void>;
  readonly listen: (take: (message: ToWorker) => void) => void;
}

/** The channel to the process that forked this one. **Throws** where there is none. */
export function openChannel(): Channel {
  const send = process.send?.bind(process);
  if (send === undefined) throw new Error('a worker is started by the engine, not by hand');
  return {
    send: (message) =>
      new Promise((fulfil) => {
        send(message, undefined, undefined, (error) => {
          /* Nobody listens any more. */
          if (error !== null) process.kill(process.pid, 'SIGKILL');
          fulfil();
        });
      }),
    listen: (take) => {
      process.on('message', take);
    },
  };
}
