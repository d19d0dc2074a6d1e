import type { SubscribedEvent } from '../../core/contract/subscription.ts';
import { subscribe } from '../../core/contract/subscription.ts';

/** Events of the engine until the signal is aborted, across lost connections. */
export function listenToEngine(
  signal: AbortSignal,
  onState: (state: 'connected' | 'lost') => void,
): AsyncGenerator<SubscribedEvent> {
  return subscribe<AbortSignal>({ open, wait, signal, onState });
}

async function open(after: string | undefined, signal: AbortSignal): Promise<AsyncIterable<string>> {
  const headers = after === undefined ? undefined : { 'Last-Event-ID': after };
  const answer = await fetch('/api/events', { signal, ...(headers === undefined ? {} : { headers }) });
  if (!answer.ok || answer.body === null) throw new Error(`The engine answered ${answer.status}.`);
  return texts(answer.body.pipeThrough(new TextDecoderStream()).getReader());
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
