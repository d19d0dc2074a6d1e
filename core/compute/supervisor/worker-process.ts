import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { availableParallelism, setPriority } from 'node:os';
import type { FromWorker, ToWorker } from '../protocol.ts';
import { heartbeatEvery } from '../protocol.ts';
import type { Death } from './death.ts';
import { describeDeath, suspicions } from './death.ts';
import { outOfMemoryKills, residentBytes } from './memory.ts';

/** What a worker process may do, and how it is watched. */
export interface WorkerLimits {
  /** The file that is forked. */
  readonly entry: string;
  /** Resident memory in bytes beyond which a worker is killed. */
  readonly memoryLimit: number;
  /** So many heartbeats in a row may be missing. */
  readonly missedHeartbeats: number;
  /** How long a worker may take to leave when it is asked to, in milliseconds. */
  readonly leaveMilliseconds: number;
  /** Added to the niceness of workers that compute in the background. */
  readonly niceness: number;
}

/** Images are decoded and files are read in threads of this pool; Node's own default of four caps larger machines. */
const threadPoolSize = Math.min(64, Math.max(4, availableParallelism()));

const wordsKept = 4096;
const drainMilliseconds = 500;

/** One forked worker, from its start to its death. */
export class WorkerProcess {
  readonly pid: number | undefined;
  /** Fulfils when the process is gone, whatever the reason. */
  readonly died: Promise<Death>;
  /** What it says goes here. */
  onMessage: (message: FromWorker) => void = () => undefined;
  #mourners = new Set<(death: Death) => void>();
  #child: ChildProcess;
  #limits: WorkerLimits;
  #rss = 0;
  #missed = 0;
  #words = '';
  #killedFor: { readonly reason: string; readonly suspicion: number } | undefined;
  #dead = false;
  #waiting: ToWorker[] | undefined = [];

  constructor(limits: WorkerLimits, background: boolean) {
    this.#limits = limits;
    const killsBefore = outOfMemoryKills();
    this.#child = fork(limits.entry, [], {
      serialization: 'advanced',
      execArgv: [],
      env: { UV_THREADPOOL_SIZE: String(threadPoolSize), ...process.env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.pid = this.#child.pid;
    if (background && limits.niceness > 0) this.#beNice();
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-wordsKept);
    });
    this.#child.on('message', (message) => this.#hear(message as FromWorker));
    const watch = setInterval(() => this.#look(), heartbeatEvery);
    watch.unref();
    this.died = new Promise((fulfil) => {
      const end = (code: number | null, signal: NodeJS.Signals | null, words = this.#words) => {
        clearInterval(watch);
        this.#dead = true;
        const outOfMemory = outOfMemoryKills() > killsBefore;
        const death = describeDeath({ code, signal, killedFor: this.#killedFor, outOfMemory, lastWords: words });
        fulfil(death);
        for (const mourn of this.#mourners) mourn(death);
      };
      const closed = new Promise<void>((gone) => this.#child.once('disconnect', gone));
      /* What it still said lies in the channel until that is closed, too. */
      this.#child.on(
        'exit',
        (code, signal) => void Promise.race([closed, after(drainMilliseconds)]).then(() => end(code, signal)),
      );
      void closed.then(() => after(drainMilliseconds)).then(() => this.kill('it closed its channel', suspicions.own));
      this.#child.on('error', (error) => {
        if (this.pid === undefined) end(1, null, error.message);
      });
    });
  }

  /**
   * Calls back when the process is gone, also where it is already; gives the function that ends it. What waits for
   * `died` instead is kept as long as the worker lives.
   */
  whenDead(mourn: (death: Death) => void): () => void {
    this.#mourners.add(mourn);
    if (this.#dead) void this.died.then((death) => this.#mourners.has(mourn) && mourn(death));
    return () => this.#mourners.delete(mourn);
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Resident memory in bytes as last known. */
  get rss(): number {
    return this.#rss;
  }

  /** Whether it has begun to listen. */
  get isReady(): boolean {
    return this.#waiting === undefined;
  }

  /** Sends a message, as soon as the worker listens; one to a worker that is gone is lost. */
  send(message: ToWorker): void {
    if (this.#waiting !== undefined) this.#waiting.push(message);
    else if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Kills the process at once; what it has in hand is suspected as much as said. */
  kill(reason: string, suspicion: number): void {
    if (this.#dead) return;
    this.#killedFor ??= { reason, suspicion };
    this.#child.kill('SIGKILL');
  }

  /** Asks the process to leave and kills it when it does not. */
  async leave(within = this.#limits.leaveMilliseconds): Promise<void> {
    this.#killedFor ??= { reason: 'it was asked to leave', suspicion: suspicions.none };
    this.hold(true);
    if (this.isReady) this.send({ type: 'end' });
    else this.#child.kill('SIGKILL');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), within);
    await this.died;
    clearTimeout(late);
  }

  /** Whether this process keeps the engine's process from ending. */
  hold(held: boolean): void {
    const handles = [
      this.#child,
      this.#child.channel,
      this.#child.stderr as { ref?: () => void; unref?: () => void } | null,
    ];
    for (const handle of handles) {
      if (held) handle?.ref?.();
      else handle?.unref?.();
    }
  }

  #hear(message: FromWorker): void {
    this.#missed = 0;
    if ('rss' in message) this.#rss = message.rss;
    if (message.type === 'ready') {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const each of waiting) this.send(each);
    } else this.onMessage(message);
  }

  /** Counted by looks, not by the clock: while this process sleeps, so does the other. */
  #look(): void {
    this.#missed += 1;
    this.#rss = (this.pid === undefined ? undefined : residentBytes(this.pid)) ?? this.#rss;
    if (this.#missed > this.#limits.missedHeartbeats)
      this.kill(`nothing was heard of it for ${Math.round((this.#missed * heartbeatEvery) / 1000)} s`, suspicions.own);
    else if (this.#rss > this.#limits.memoryLimit)
      this.kill(
        `it held ${mebibytes(this.#rss)} of memory, more than the ${mebibytes(this.#limits.memoryLimit)} allowed`,
        suspicions.own,
      );
  }

  #beNice(): void {
    try {
      if (this.pid !== undefined) setPriority(this.pid, this.#limits.niceness);
    } catch {
      /* Some systems do not let priorities be changed; then everything is as important. */
    }
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((fulfil) => setTimeout(fulfil, milliseconds).unref());
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
