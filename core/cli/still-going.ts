import type { EngineMessage, ProgressMessage } from '../contract/events.ts';

/** Nothing is said for longer than this, in milliseconds, while something goes on. */
const longestSilence = 300;
const lookEvery = 50;

/**
 * Says again how far work has come where nothing new is said for a while, as when a model is loaded or a process starts: who
 * waits sees that it goes on. A worker that hangs is noticed and ended by its supervisor.
 */
export function stillGoing(say: (message: EngineMessage) => void): {
  readonly say: (message: EngineMessage) => void;
  readonly end: () => void;
} {
  let last: ProgressMessage | undefined;
  let at = 0;
  const timer = setInterval(() => {
    if (last === undefined || performance.now() - at < longestSilence) return;
    at = performance.now();
    say(last);
  }, lookEvery);
  return {
    say: (message) => {
      if (message.event === 'progress') last = message;
      at = performance.now();
      say(message);
    },
    end: () => {
      clearInterval(timer);
    },
  };
}
