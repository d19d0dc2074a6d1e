import type { EnginePlace } from './engine-place.ts';
import type { RunningEngine } from './engine-process.ts';
import { startEngine } from './engine-process.ts';

/** Why there is no engine, and where it may have noted more. */
export interface EngineEnd {
  readonly reason: string;
  readonly log: string | undefined;
}

/** What the keeper tells. */
export interface EngineListener {
  readonly onStart: (engine: RunningEngine) => void;
  /** Only of ends that nobody asked for. */
  readonly onEnd: (end: EngineEnd) => void;
}

/** The one engine of the shell: started, watched, started again when a person says so, stopped at the end. */
export class EngineKeeper {
  readonly #place: EnginePlace;
  readonly #listener: EngineListener;
  #engine: Promise<RunningEngine | undefined> = Promise.resolve(undefined);
  #log: string | undefined;
  #isStopping = false;

  constructor(place: EnginePlace, listener: EngineListener) {
    this.#place = place;
    this.#listener = listener;
  }

  /** The engine, once it has started; undefined while there is none. */
  get engine(): Promise<RunningEngine | undefined> {
    return this.#engine;
  }

  /** Starts an engine where there is none; resolves when it answers or has failed. */
  async start(): Promise<void> {
    if ((await this.#engine) !== undefined || this.#isStopping) return;
    this.#engine = this.#begin();
    await this.#engine;
  }

  /** Ends the engine for good. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await (await this.#engine)?.stop();
  }

  async #begin(): Promise<RunningEngine | undefined> {
    try {
      const engine = await startEngine(this.#place);
      this.#log = engine.log;
      void engine.ended.then((reason) => this.#end(reason));
      this.#listener.onStart(engine);
      return engine;
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #end(reason: string): void {
    this.#engine = Promise.resolve(undefined);
    if (!this.#isStopping) this.#listener.onEnd({ reason, log: this.#log });
  }
}
