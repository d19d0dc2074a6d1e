import type { DoneMessage, EngineMessage, ProgressMessage } from '../contract/events.ts';
import { printable } from './printable.ts';

/** Where messages of a use-case go: a live terminal line, plain lines, or one JSON object a line. */
export interface Output {
  readonly say: (message: EngineMessage) => void;
  readonly done: (message: DoneMessage, summary: readonly string[]) => void;
  /** Writes figures that are the command's own result. */
  readonly result: (value: unknown) => void;
  readonly end: () => void;
}

interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

const liveEveryMs = 100;
const lineEveryMs = 250;

/** One object a line on standard output; failures and notes are lines of their own. */
function jsonOutput({ out }: Streams): Output {
  const write = (value: unknown) => out.write(`${JSON.stringify(value)}\n`);
  let last = { at: -Infinity, phase: '' };
  return {
    say: (message) => {
      if (message.event === 'progress') {
        const at = performance.now();
        if (message.phase === last.phase && at - last.at < liveEveryMs && message.done < message.total) return;
        last = { at, phase: message.phase };
      }
      write(message);
    },
    done: (message) => write(message),
    result: write,
    end: () => undefined,
  };
}

/** Estimates the time left in a phase from its own pace. */
function createPace(): (message: ProgressMessage) => number | undefined {
  let phase = '';
  let started = 0;
  let first = 0;
  return (message) => {
    const now = performance.now();
    if (message.phase !== phase) {
      phase = message.phase;
      started = now;
      first = message.done;
    }
    const steps = message.done - first;
    if (steps <= 0 || message.total <= 0 || now - started < 1000) return undefined;
    return ((now - started) / steps) * (message.total - message.done);
  };
}

function describe(message: ProgressMessage, left: number | undefined): string {
  const parts = [message.phase.padEnd(16)];
  if (message.total > 0) {
    const share = Math.round((100 * message.done) / message.total);
    parts.push(`${String(share).padStart(3)} %  ${message.done}/${message.total}`);
  }
  if (message.loss !== undefined) parts.push(`loss ${message.loss.toFixed(4)}`);
  if (left !== undefined) parts.push(left < 1000 ? 'under a second left' : `${Math.round(left / 1000)} s left`);
  return parts.join('  ');
}

/** Progress on standard error (one live line on a terminal, plain lines elsewhere), results on standard output. */
function humanOutput({ out, err }: Streams): Output {
  const live = err.isTTY === true;
  const pace = createPace();
  let last = { at: -Infinity, phase: '' };
  let shown = false;
  const clear = () => {
    if (live && shown) err.write('\r\u001b[2K');
    shown = false;
  };
  return {
    say: (message) => {
      if (message.event === 'failure') {
        clear();
        err.write(`could not use ${printable(message.file)}: ${printable(message.reason)} [${message.code}]\n`);
        return;
      }
      if (message.event === 'note') {
        clear();
        err.write(`${printable(message.message)}\n`);
        return;
      }
      /* In a file or a log a line that says no more than that something goes on is none. */
      if (!live && message.total <= 0) return;
      const left = pace(message);
      const at = performance.now();
      const soon = at - last.at < (live ? liveEveryMs : lineEveryMs);
      if (message.phase === last.phase && soon) return;
      last = { at, phase: message.phase };
      const text = describe(message, left);
      if (live) {
        err.write(`\r\u001b[2K${text.slice(0, (err.columns ?? 80) - 1)}`);
        shown = true;
      } else err.write(`${text}\n`);
    },
    done: (_message, summary) => {
      clear();
      for (const line of summary) out.write(`${printable(line)}\n`);
    },
    result: (value) => {
      clear();
      out.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    end: clear,
  };
}

/** The output that fits: JSON lines when asked for, otherwise for people. */
export function createOutput(json: boolean, streams: Streams = { out: process.stdout, err: process.stderr }): Output {
  return json ? jsonOutput(streams) : humanOutput(streams);
}
