import type { SubscribedEvent } from '../../core/contract/subscription.ts';
import { subscribe } from '../../core/contract/subscription.ts';
import { takeEarly } from './early.ts';

/** `refused`: an engine answers, but not to this page; it has been started anew and wants its new address. */
export type Connection = 'connected' | 'lost' | 'refused';

/** Events of the engine until the signal is aborted, across lost connections. */
export function listenToEngine(
  signal: AbortSignal,
  onState: (state: Connection) => void,
): AsyncGenerator<SubscribedEvent> {
  let isRefused = false;
  const open = async (after: string | undefined): Promise<AsyncIterable<string>> => {
    const headers = after === undefined ? undefined : { 'Last-Event-ID': after };
    isRefused = false;
    const early = after === undefined ? takeEarly('/api/events') : undefined;
    const answer = await (early ?? fetch('/api/events', { signal, ...(headers === undefined ? {} : { headers }) }));
    isRefused = answer.status === 401 || answer.status === 403;
    if (!answer.ok || answer.body === null) throw new Error(`The engine answered ${answer.status}.`);
    return texts(answer.body.pipeThrough(new TextDecoderStream(), { signal }).getReader());
  };
  return subscribe<AbortSignal>({
    open,
    wait,
    signal,
    onState: (state) => onState(state === 'lost' && isRefused ? 'refused' : state),
  });
}

async function* texts(reader: ReadableStreamDefaultReader<string>): AsyncGenerator<string> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(new Error('aborted'));
      },
      { once: true },
    );
  });
}
