import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const entry = resolve(import.meta.dirname, '../../core/cli/congeal.js');

/** What a finished command left behind. */
export interface Finished {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is running. */
export interface Running {
  readonly finished: Promise<Finished>;
  /** Resolves when a line of either stream matches; rejects when the command ends first. */
  readonly seen: (pattern: RegExp) => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts `congeal WORDS` with the Node that runs the tests. */
export function startCli(words: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Running {
  const child = spawn(process.execPath, [entry, ...words], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (chunk: string) => {
      text[stream] += chunk;
      for (const look of [...waiting]) look();
    });
  }
  let ended = false;
  const finished = new Promise<Finished>((fulfil, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      ended = true;
      for (const look of [...waiting]) look();
      fulfil({ status, signal, ...text });
    });
  });
  return {
    finished,
    kill: (signal) => void child.kill(signal),
    seen: (pattern) =>
      new Promise((fulfil, reject) => {
        const look = () => {
          if (pattern.test(text.stdout) || pattern.test(text.stderr)) {
            waiting.delete(look);
            fulfil();
          } else if (ended) {
            waiting.delete(look);
            reject(new Error(`the command ended before ${String(pattern)}:\n${text.stdout}\n${text.stderr}`));
          }
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Runs `congeal WORDS` to its end. */
export function runCli(
  words: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  return startCli(words, options).finished;
}
