import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The program's entry point, for tests that start it in another way. */
export const entry = resolve(import.meta.dirname, '../../core/cli/congeal.js');

/** How a command is started. */
interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs that are tested keep nothing in the user's folders; their compiled code is kept for the next ones. */
const cache = join(tmpdir(), `congeal-test-cache-${process.pid}`);
const compiled = resolve(import.meta.dirname, '../../node_modules/.cache/congeal-compiled');
const state = join(tmpdir(), `congeal-test-state-${process.pid}`);
process.on('exit', () => {
  for (const folder of [cache, state]) rmSync(folder, { recursive: true, force: true });
});

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
  /** The first text of standard output that matches; rejects when the command ends first. */
  readonly matched: (pattern: RegExp) => Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts `congeal WORDS` with the Node that runs the tests. */
export function startCli(words: readonly string[], options: StartOptions = {}): Running {
  const child = spawn(process.execPath, [entry, ...words], {
    cwd: options.cwd,
    env: {
      ...process.env,
      ...{ CONGEAL_CACHE: cache, CONGEAL_STATE: state, NODE_COMPILE_CACHE: compiled },
      ...options.env,
    },
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
  const seen = (pattern: RegExp) =>
    new Promise<void>((fulfil, reject) => {
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
    });
  return {
    finished,
    kill: (signal) => void child.kill(signal),
    seen,
    matched: async (pattern) => {
      await seen(pattern);
      return pattern.exec(text.stdout)?.[0] ?? '';
    },
  };
}

/** Runs `congeal WORDS` to its end. */
export function runCli(words: readonly string[], options: StartOptions = {}): Promise<Finished> {
  return startCli(words, options).finished;
}
