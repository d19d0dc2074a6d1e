import { doorEvent } from './door-events.ts';
import type { DoorEvent } from './door-events.ts';

/** What a subscription needs of its surroundings. */
export interface SubscriptionOptions<Signal> {
  /** Opens the stream of `system.events` as text in pieces of any size; `after` is the last id seen. */
  readonly open: (after: string | undefined, signal: Signal) => Promise<AsyncIterable<string>>;
  /** Waits before the next attempt; rejects when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: Signal) => Promise<void>;
  readonly signal: Signal & { readonly aborted: boolean };
  readonly onState?: (state: 'connected' | 'lost') => void;
  readonly after?: string;
}

/** An event with its id. */
export interface SubscribedEvent {
  readonly id: string;
  readonly event: DoorEvent;
}

/**
 * Events as they happen, across lost connections: after each it connects again, later and later up to five seconds, and
 * says which id it saw last, so that nothing is missed; where the engine no longer keeps what was missed it says `reset`.
 * Ends when the signal is aborted.
 */
export async function* subscribe<Signal>(options: SubscriptionOptions<Signal>): AsyncGenerator<SubscribedEvent> {
  let { after } = options;
  let pause = 100;
  const isOver = () => options.signal.aborted;
  while (!isOver()) {
    try {
      const stream = await options.open(after, options.signal);
      options.onState?.('connected');
      for await (const block of blocks(stream)) {
        pause = 100;
        after = block.id ?? after;
        const event = block.data === '' ? undefined : doorEvent.safeParse(JSON.parse(block.data)).data;
        if (event !== undefined) yield { id: after ?? '', event };
      }
    } catch {
      // A lost connection is what this loop is for; what is wrong for good shows in the requests beside it.
    }
    if (isOver()) return;
    options.onState?.('lost');
    await options.wait(pause, options.signal).catch(() => undefined);
    pause = Math.min(5000, pause * 2);
  }
}

interface Block {
  readonly id: string | undefined;
  readonly data: string;
}

/** Splits a text stream into the blocks of `text/event-stream`. */
async function* blocks(stream: AsyncIterable<string>): AsyncGenerator<Block> {
  let rest = '';
  for await (const text of stream) {
    const parts = (rest + text).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const lines = part.split('\n');
      const values = (name: string) =>
        lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trimStart());
      yield { id: values('id').at(-1), data: values('data').join('\n') };
    }
  }
}
