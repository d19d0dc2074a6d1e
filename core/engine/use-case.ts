import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import type { Workers } from '../compute/supervisor/workers.ts';
import type { EngineMessage } from '../contract/events.ts';

/** What a use-case of the command line is given besides its options. */
export interface UseCaseContext {
  readonly signal: AbortSignal;
  readonly workers: Workers;
}

/** What the command line says of a message; undefined for what only the engine needs to know. */
export function toEngineMessage(message: SupervisedMessage): EngineMessage | undefined {
  switch (message.event) {
    case 'progress':
    case 'failure':
    case 'note':
      return message;
    case 'interrupted':
      return { event: 'note', message: `A worker process has died: ${message.reason}. Another one goes on.` };
    case 'checkpoint':
    case 'frame':
    case 'glances':
    case 'working':
    case 'resumed':
      return undefined;
  }
}

/** Passes on what the command line says. */
export async function* toEngineMessages<Result>(
  messages: AsyncGenerator<SupervisedMessage, Result>,
): AsyncGenerator<EngineMessage, Result> {
  try {
    for (;;) {
      const next = await messages.next();
      if (next.done === true) return next.value;
      const message = toEngineMessage(next.value);
      if (message !== undefined) yield message;
    }
  } finally {
    await messages.return(undefined as Result);
  }
}

/** Takes every message and gives the result; where one cannot be taken, the work behind it ends as well. */
export async function takeAll<Message, Result>(
  messages: AsyncGenerator<Message, Result>,
  take: (message: Message) => void,
): Promise<Result> {
  try {
    for (;;) {
      const next = await messages.next();
      if (next.done === true) return next.value;
      take(next.value);
    }
  } finally {
    await messages.return(undefined as Result);
  }
}
