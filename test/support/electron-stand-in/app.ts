import { EventEmitter } from 'node:events';

/** What the stand-in's app is told of its start. */
export interface AppOptions {
  readonly userData: string;
  /** Whether no other instance runs. */
  readonly isFirst: boolean;
  readonly closeWindows: () => Promise<void>;
}

/** `electron.app`, as far as the shell uses it. */
export class StandInApp extends EventEmitter {
  readonly isPackaged = false;
  readonly hasQuit: Promise<void>;
  isSandboxEnabled = false;
  readonly #options: AppOptions;
  readonly #resolveQuit: () => void;
  #isReady = false;

  constructor(options: AppOptions) {
    super();
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.hasQuit = promise;
    this.#resolveQuit = () => resolve(undefined);
  }

  requestSingleInstanceLock(): boolean {
    return this.#options.isFirst;
  }

  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.isSandboxEnabled = true;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  whenReady(): Promise<void> {
    return this.#isReady ? Promise.resolve() : new Promise((resolve) => this.once('ready', resolve));
  }

  becomeReady(): void {
    this.#isReady = true;
    this.emit('ready');
  }

  getPath(): string {
    return this.#options.userData;
  }

  /** Windows are closed first; then whoever listens may hold the end up once more. */
  quit(): void {
    void this.#quit();
  }

  async #quit(): Promise<void> {
    if (this.#prevented('before-quit')) return;
    await this.#options.closeWindows();
    if (this.#prevented('will-quit')) return;
    this.emit('quit');
    this.#resolveQuit();
  }

  #prevented(name: string): boolean {
    const objections: string[] = [];
    this.emit(name, { preventDefault: () => objections.push(name) });
    return objections.length > 0;
  }
}
