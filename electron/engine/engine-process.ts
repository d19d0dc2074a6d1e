import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import type { EnginePlace } from './engine-place.ts';
import { newPipePlace } from './engine-place.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** An engine that answers. */
export interface RunningEngine {
  readonly pipe: string;
  /** The file of its log. */
  readonly log: string;
  readonly pid: number;
  /** Resolves when it has ended, however that came, with the reason in words. */
  readonly ended: Promise<string>;
  /** Lets it put everything in order; one that does not is killed. */
  readonly stop: () => Promise<void>;
}

/** How long an engine may take to answer first, and to end, in milliseconds. */
const patience = { start: 180_000, stop: 12_000 };

const listening = z.object({ event: z.literal('listening'), log: z.string() });

/** So much of what it said last is kept, in characters. */
const mostKept = 2000;

/** Starts an engine and waits until it listens. Rejects with the reason in words when it ends before. */
export async function startEngine({ node, entry }: EnginePlace): Promise<RunningEngine> {
  const pipe = newPipePlace(process.platform);
  const child = spawn(node, [entry, 'engine', '--pipe', pipe.path], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environmentOf(process.env),
    windowsHide: true,
  });
  // A pipe to a process that is gone breaks; how that process ended says more.
  child.stdin.on('error', () => undefined);
  const ended = endOf(child).then((reason) => {
    if (pipe.folder !== undefined) rmSync(pipe.folder, { recursive: true, force: true });
    return reason;
  });
  const stop = async () => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), patience.stop);
    await ended;
    clearTimeout(timer);
  };
  try {
    const log = await firstWord(child, ended);
    return { pipe: pipe.path, log, pid: child.pid ?? 0, ended, stop };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** The environment of the shell without what would turn a plain Node into something else. */
function environmentOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL_)/.test(name)),
  );
}

async function firstWord(child: Child, ended: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it did not answer for ${patience.start / 1000} seconds`));
    }, patience.start);
  });
  const gone = ended.then((reason) => Promise.reject(new Error(reason)));
  const heard = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = listening.safeParse(parsed(line));
      if (said.success) resolve(said.data.log);
    });
  });
  try {
    return await Promise.race([heard, gone, late]);
  } finally {
    clearTimeout(timer);
    gone.catch(() => undefined);
  }
}

function endOf(child: Child): Promise<string> {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-mostKept)));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be started (${error.message})`));
    child.once('close', (code, signal) => {
      const how = signal === null ? `it ended with status ${code ?? 'unknown'}` : `it was ended by ${signal}`;
      resolve(said.trim() === '' ? how : `${how}: ${said.trim()}`);
    });
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
