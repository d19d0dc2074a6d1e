import type { WorkerLimits } from './worker-process.ts';
import { WorkerProcess } from './worker-process.ts';

/** Who goes first: what a person waits for, then what brings images in, then long work. */
export type Priority = 'interactive' | 'import' | 'run';

/** How many workers there may be, and when they are let go. */
export interface PoolLimits extends WorkerLimits {
  /** Jobs at once, by priority. */
  readonly atOnce: Readonly<Record<Priority, number>>;
  /** Keep a worker ready for what a person will ask next. */
  readonly warm: boolean;
  /** Kinds of jobs that a warm worker loads beforehand. */
  readonly prepared: readonly string[];
  /** Resident memory in bytes above which a worker is let go after its job. */
  readonly recycleAbove: number;
  /** How long a worker may have nothing to do, in milliseconds. */
  readonly idleMilliseconds: number;
  /** Memory in bytes that jobs may still take. */
  readonly availableMemory: () => number;
  /** Is told, soon after, that there are other workers, or other jobs in or before them. */
  readonly onChange: () => void;
}

/** A worker for one job. */
export interface Lease {
  readonly worker: WorkerProcess;
  /** A paused job lets another one of its priority begin. */
  readonly setPaused: (paused: boolean) => void;
  readonly release: () => void;
}

/** What a job is to the pool. */
export interface Wanted {
  readonly kind: string;
  readonly priority: Priority;
  /** Memory in bytes that it is expected to need. */
  readonly memory: number;
  /** What it works on: a worker that has worked on the same before is taken rather than another one. */
  readonly on?: string | undefined;
}

interface Ticket extends Wanted {
  readonly begin: (lease: Lease) => void;
}

/** So many things that a worker has worked on are remembered. */
const mostRemembered = 8;

/** Milliseconds after which the first warm worker is forked. */
const beforeWarm = 300;

const order: readonly Priority[] = ['interactive', 'import', 'run'];

/** The workers of an engine: forked when needed, used again, replaced when they grow, ended when idle. */
export class Pool {
  readonly #limits: PoolLimits;
  readonly #workers = new Set<WorkerProcess>();
  readonly #idle = new Map<WorkerProcess, { readonly background: boolean; readonly timer: NodeJS.Timeout }>();
  readonly #active: Record<Priority, number> = { interactive: 0, import: 0, run: 0 };
  readonly #waiting = new Set<Ticket>();
  readonly #jobs = new Map<WorkerProcess, string>();
  readonly #workedOn = new Map<WorkerProcess, readonly string[]>();
  #telling: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
    /* Not at once: first the engine itself must be there. */
    if (limits.warm) setTimeout(() => this.#keepWarm(), beforeWarm).unref();
  }

  get workers(): Iterable<WorkerProcess> {
    return this.#workers;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** The kind of job that a worker is doing. */
  jobOf(worker: WorkerProcess): string | undefined {
    return this.#jobs.get(worker);
  }

  /** A worker as soon as this priority's turn comes. **Throws** the signal's reason. */
  async acquire(wanted: Wanted, signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    if (this.#closed) throw new Error('the workers have been closed');
    return await new Promise<Lease>((fulfil, reject) => {
      const give = () => {
        this.#waiting.delete(ticket);
        reject(signal.reason as Error);
      };
      const begin = (lease: Lease) => {
        signal.removeEventListener('abort', give);
        fulfil(lease);
      };
      const ticket: Ticket = { ...wanted, begin };
      signal.addEventListener('abort', give);
      this.#waiting.add(ticket);
      this.#admit();
    });
  }

  /** Ends every worker, at the latest by force. */
  async close(within = this.#limits.leaveMilliseconds): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#workers].map((worker) => worker.leave(within)));
  }

  #admit(): void {
    for (const priority of order)
      for (const ticket of [...this.#waiting].filter((each) => each.priority === priority)) {
        if (this.#closed || this.#active[priority] >= this.#limits.atOnce[priority]) break;
        if (!this.#hasMemoryFor(ticket)) break;
        this.#waiting.delete(ticket);
        ticket.begin(this.#lease(ticket));
      }
    if (this.#limits.warm) this.#keepWarm();
    this.#changed();
  }

  /** What a person waits for is small; other work waits for memory unless nothing else would set any free. */
  #hasMemoryFor({ priority, memory }: Ticket): boolean {
    if (priority === 'interactive' || this.#active.import + this.#active.run === 0) return true;
    return this.#limits.availableMemory() >= memory;
  }

  #lease({ priority, kind, on }: Wanted): Lease {
    const background = priority !== 'interactive';
    const worker = this.#takeIdle(background, on) ?? this.#fork(background);
    worker.hold(true);
    this.#jobs.set(worker, kind);
    if (on !== undefined) {
      const others = (this.#workedOn.get(worker) ?? []).filter((one) => one !== on);
      this.#workedOn.set(worker, [...others, on].slice(-mostRemembered));
    }
    let [counted, released] = [true, false];
    const count = (value: boolean) => {
      if (value === counted) return;
      counted = value;
      this.#active[priority] += value ? 1 : -1;
    };
    this.#active[priority] += 1;
    return {
      worker,
      setPaused: (paused) => {
        if (released) return;
        count(!paused);
        this.#admit();
      },
      release: () => {
        if (released) return;
        released = true;
        count(false);
        this.#jobs.delete(worker);
        this.#takeBack(worker, background);
        this.#admit();
      },
    };
  }

  #takeIdle(background: boolean, on: string | undefined): WorkerProcess | undefined {
    const idle = [...this.#idle].filter(([worker, one]) => one.background === background && !worker.isDead);
    const knowing = idle.find(([worker]) => on !== undefined && this.#workedOn.get(worker)?.includes(on));
    const taken = knowing ?? idle.at(0);
    if (taken === undefined) return undefined;
    const [worker, { timer }] = taken;
    clearTimeout(timer);
    this.#idle.delete(worker);
    return worker;
  }

  #takeBack(worker: WorkerProcess, background: boolean): void {
    if (worker.isDead) return;
    if (this.#closed || worker.rss > this.#limits.recycleAbove) void worker.leave();
    else this.#rest(worker, background);
  }

  #rest(worker: WorkerProcess, background: boolean): void {
    worker.hold(false);
    const timer = setTimeout(() => {
      this.#idle.delete(worker);
      void worker.leave();
      if (this.#limits.warm) this.#keepWarm();
    }, this.#limits.idleMilliseconds);
    timer.unref();
    this.#idle.set(worker, { background, timer });
  }

  /** Sees to it that a worker waits for what a person asks next, where there may be one more. */
  #keepWarm(): void {
    const resting = [...this.#idle.values()].filter(({ background }) => !background).length;
    if (this.#closed || resting > 0 || this.#active.interactive >= this.#limits.atOnce.interactive) return;
    const worker = this.#fork(false);
    worker.send({ type: 'prepare', kinds: this.#limits.prepared });
    this.#rest(worker, false);
  }

  #fork(background: boolean): WorkerProcess {
    const worker = new WorkerProcess(this.#limits, background);
    this.#workers.add(worker);
    void worker.died.then(() => {
      this.#workers.delete(worker);
      this.#workedOn.delete(worker);
      const idle = this.#idle.get(worker);
      clearTimeout(idle?.timer);
      this.#idle.delete(worker);
      this.#changed();
    });
    this.#changed();
    return worker;
  }

  #changed(): void {
    if (this.#telling !== undefined) return;
    this.#telling = setImmediate(() => {
      this.#telling = undefined;
      this.#limits.onChange();
    });
  }
}
